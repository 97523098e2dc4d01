import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { linkedAccounts, providers, type LinkedAccount, type Provider } from '../../api/account';
import { del, post } from '../../api/client';
import { ago } from '../../format';
import { whyRefused } from '../../session/ways';
import { Button } from '../../ui/Button';
import { focusMain } from '../../ui/focusMain';
import { Link } from '../../ui/icons';
import { Refused } from '../../ui/Refused';
import { Empty, Failed, Loading } from '../../ui/States';
import { useToast } from '../../ui/Toast';
import { useAct } from '../../ui/useForm';
import { Head } from './Head';
import css from './Rows.module.css';
import { Sure } from './Sure';

export function LinkedAccounts() {
  const [params] = useSearchParams();
  const all = useQuery(providers());
  const linked = useQuery(linkedAccounts());
  const error = all.error ?? linked.error;
  const refused = params.get('error');
  // One may be linked to somebody whose provider is not offered any more.
  const unlinked = all.data?.filter(({ name }) => !linked.data?.some(({ provider }) => provider === name)) ?? [];
  const isEmpty = all.data?.length === 0 && linked.data?.length === 0;
  return (
    <>
      <Head title="Linked accounts">
        Sign in by way of an account that you have elsewhere. We never post anything there.
      </Head>
      {refused && (
        <p className="notice bad" role="alert">
          {whyRefused(refused)}
        </p>
      )}
      {error && <Failed error={error} onRetry={() => void Promise.all([all.refetch(), linked.refetch()])} />}
      {!error && !(all.data && linked.data) && <Loading />}
      {isEmpty && <Empty title="Nobody to link to">BeatPass offers no other way in here at the moment.</Empty>}
      {all.data && linked.data && !isEmpty && (
        <ul className={css.rows} aria-label="Linked accounts">
          {linked.data.map((account) => (
            <Linked key={account.id} account={account} />
          ))}
          {unlinked.map((provider) => (
            <Unlinked key={provider.name} provider={provider} />
          ))}
        </ul>
      )}
    </>
  );
}

function Linked({ account }: { account: LinkedAccount }) {
  const [isOpen, setOpen] = useState(false);
  const queries = useQueryClient();
  const tell = useToast();
  const { act, isBusy, error } = useAct();

  async function unlink() {
    await del(`/user/social-accounts/${account.id}`);
    setOpen(false);
    tell(`${account.label} is unlinked.`);
    await queries.invalidateQueries({ queryKey: ['account'] });
    focusMain();
  }

  return (
    <li className={css.row}>
      <span className={`${css.picture} ${css.here}`} aria-hidden="true">
        <Link />
      </span>
      <div className={css.words}>
        <strong>{account.label}</strong>
        <span className="small muted">{account.email ?? account.name}</span>
        {account.last_used_at && <span className="small muted">Used {ago(account.last_used_at)}</span>}
      </div>
      <div className={css.actions}>
        <Button kind="plain" size="small" label={`Unlink ${account.label}`} onClick={() => setOpen(true)}>
          Unlink
        </Button>
      </div>
      <Sure
        title={`Unlink ${account.label}?`}
        action="Unlink now"
        isOpen={isOpen}
        isBusy={isBusy}
        error={error}
        onClose={() => setOpen(false)}
        onSure={() => void act(unlink)}
      >
        You cannot sign in by {account.label} any more. You can link it again at any time.
      </Sure>
    </li>
  );
}

function Unlinked({ provider }: { provider: Provider }) {
  const { act, isBusy, error } = useAct();

  async function link() {
    const back = { return_to: `${location.origin}/settings/linked` };
    const { redirect } = await post<{ redirect: string }>(`/user/social-accounts/${provider.name}`, back);
    location.assign(redirect);
  }

  return (
    <li className={css.row}>
      <span className={css.picture} aria-hidden="true">
        <Link />
      </span>
      <div className={css.words}>
        <strong>{provider.label}</strong>
        <span className="small muted">Not linked</span>
        <Refused error={error} />
      </div>
      <div className={css.actions}>
        <Button
          kind="plain"
          size="small"
          isBusy={isBusy}
          label={`Link ${provider.label}`}
          onClick={() => void act(link)}
        >
          Link
        </Button>
      </div>
    </li>
  );
}

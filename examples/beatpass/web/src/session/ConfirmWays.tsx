// The ways to prove who one is: by a password, an app's code, a passkey or a provider.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { linkedAccounts, waysIn, type LinkedAccount, type WaysIn } from '../api/account';
import { ApiError, post } from '../api/client';
import { Button } from '../ui/Button';
import { Field } from '../ui/Field';
import { PasswordField } from '../ui/PasswordField';
import { Refused } from '../ui/Refused';
import { Failed, Loading } from '../ui/States';
import { useAct, useForm } from '../ui/useForm';
import css from './ConfirmWays.module.css';
import { byPasskey, canUsePasskeys } from './passkeys';
import { useSession } from './Session';

type Way = 'password' | 'code' | 'recovery_code';

interface Props {
  onDone: (proved: boolean) => void;
}

const NAMES: Record<Way, string> = {
  password: 'Use my password',
  code: 'Use a code from my app',
  recovery_code: 'Use a recovery code',
};

export function ConfirmWays({ onDone }: Props) {
  const { user } = useSession();
  const { data: ways, error, refetch } = useQuery(waysIn(user));
  return (
    <>
      <p className="muted">You are about to change something that matters. Show us that it is you.</p>
      {ways && <Ways ways={ways} onDone={onDone} />}
      {!ways && (error ? <Failed error={error} onRetry={() => void refetch()} /> : <Loading lines={2} />)}
    </>
  );
}

/** Those that the account has: what is typed, and beside it what is proved elsewhere. */
function Ways({ ways, onDone }: Props & { ways: WaysIn }) {
  const codes: Way[] = ways.two_factor ? ['code', 'recovery_code'] : [];
  const typed: Way[] = ways.password ? ['password', ...codes] : codes;
  const [way, setWay] = useState(typed[0]);
  return (
    <>
      {way && <Typed key={way} way={way} onDone={onDone} />}
      <div className={css.others}>
        {typed
          .filter((other) => other !== way)
          .map((other) => (
            <Button key={other} kind="plain" size="small" onClick={() => setWay(other)}>
              {NAMES[other]}
            </Button>
          ))}
        <Elsewhere ways={ways} onDone={onDone} />
      </div>
      {!way && (
        <div className="row end">
          <Button kind="quiet" onClick={() => onDone(false)}>
            Cancel
          </Button>
        </div>
      )}
    </>
  );
}

/** What is typed: a password, or a code. */
function Typed({ way, onDone }: Props & { way: Way }) {
  const [text, setText] = useState('');
  const form = useForm(async () => {
    await post('/user/confirm-password', { [way]: text });
    onDone(true);
  });
  const shared = { value: text, onChange: setText, error: form.wrong(way), autoFocus: true };
  return (
    <form ref={form.ref} onSubmit={form.submit} className="stack">
      <Refused error={form.error} fields={[way]} />
      {way === 'password' && <PasswordField label="Password" autoComplete="current-password" {...shared} />}
      {way === 'code' && (
        <Field
          label="Code"
          hint="Six digits, from your authenticator app."
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          {...shared}
        />
      )}
      {way === 'recovery_code' && (
        <Field
          label="Recovery code"
          hint="It works once, and is used up by this."
          autoComplete="off"
          required
          {...shared}
        />
      )}
      <div className="row end">
        <Button kind="quiet" onClick={() => onDone(false)}>
          Cancel
        </Button>
        <Button type="submit" isBusy={form.isBusy}>
          Confirm
        </Button>
      </div>
    </form>
  );
}

/** What is proved outside this page: by the device, or at a provider. */
function Elsewhere({ ways, onDone }: Props & { ways: WaysIn }) {
  const { act, isBusy, error } = useAct();
  const hasPasskeys = ways.passkeys > 0 && canUsePasskeys();
  // Whoever has a password is not believed by way of a provider.
  const accounts = useQuery({ ...linkedAccounts(), enabled: !ways.password }).data ?? [];
  const linked = ways.password ? [] : [...new Map(accounts.map((account) => [account.provider, account])).values()];

  async function passkey() {
    await byPasskey('/passkeys/confirm');
    onDone(true);
  }

  async function provider(account: LinkedAccount) {
    try {
      const asked = { return_to: location.href };
      const { redirect } = await post<{ redirect: string }>(`/user/social-accounts/${account.provider}/confirm`, asked);
      location.assign(redirect);
    } catch (refused) {
      if (!(refused instanceof ApiError) || refused.code !== 'PASSWORD_REQUIRED') throw refused;
      throw new ApiError(403, refused.code, 'Your account has a password: please confirm by that.');
    }
  }

  return (
    <>
      {hasPasskeys && (
        <Button kind="plain" size="small" isBusy={isBusy} onClick={() => void act(passkey)}>
          Use a passkey
        </Button>
      )}
      {linked.map((account) => (
        <Button
          key={account.provider}
          kind="plain"
          size="small"
          isBusy={isBusy}
          onClick={() => void act(() => provider(account))}
        >
          Go by {account.label}
        </Button>
      ))}
      <Refused error={error} />
    </>
  );
}

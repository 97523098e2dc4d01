import type { Refusal } from '../../api/types';
import { dateTime } from '../../format';
import rows from '../../ui/Rows.module.css';
import { useListParams } from '../../ui/useListParams';
import { usePageTitle } from '../../ui/usePageTitle';
import { AdminList } from './AdminList';
import css from './Backstage.module.css';

export function Refusals() {
  usePageTitle('Refused attempts');
  const list = useListParams();
  return (
    <AdminList<Refusal>
      title="Refused attempts"
      noun="attempt"
      about="From the security log, the newest first: who tried what they may not, and from where."
      path="/admin/refusals"
      list={list}
      query={{}}
      keyOf={(refusal, place) => refusal.id ?? `${refusal.at} ${place}`}
      row={(refusal) => <Row refusal={refusal} />}
    />
  );
}

function Row({ refusal }: { refusal: Refusal }) {
  return (
    <>
      <div className={rows.words}>
        <p className={rows.title}>
          <code className={css.code}>{refusal.code}</code>
        </p>
        <p className={rows.sub}>
          {[refusal.method, refusal.path].filter(Boolean).join(' ') || 'The log does not say where'}
        </p>
      </div>
      <dl className={`${rows.facts} ${css.wideFacts}`}>
        <div>
          <dt>Who</dt>
          <dd>{whose(refusal.user)}</dd>
        </div>
        <div>
          <dt>From</dt>
          <dd>{refusal.address ?? 'Unknown'}</dd>
        </div>
        <div className={css.moment}>
          <dt>When</dt>
          <dd>{dateTime(refusal.at)}</dd>
        </div>
      </dl>
    </>
  );
}

function whose(user: Refusal['user']): string {
  if (user === null) return 'Not signed in';
  return typeof user === 'object' ? user.name : `Member ${user}`;
}

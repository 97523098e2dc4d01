import { Link } from 'react-router';
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
      about="From the security log, the newest first: what was refused, whom it concerned, and from where."
      path="/admin/refusals"
      list={list}
      query={{}}
      keyOf={(refusal) => refusal.number}
      row={(refusal) => <Row refusal={refusal} />}
    />
  );
}

const Row = ({ refusal }: { refusal: Refusal }) => (
  <>
    <div className={rows.words}>
      <p className={rows.title}>
        {words(refusal.event)}
        {refusal.code && <code className={css.code}>{refusal.code}</code>}
      </p>
      <p className={rows.sub}>{refusal.user_agent ?? 'It did not say which browser it is.'}</p>
    </div>
    <dl className={`${rows.facts} ${css.wideFacts}`}>
      <div>
        <dt>Account</dt>
        <dd>{refusal.user === null ? 'None named' : <Link to={`/producers/${refusal.user}`}>Member {refusal.user}</Link>}</dd>
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

/** `login_failed` as a person would write it. */
const words = (event: string): string => event.charAt(0).toUpperCase() + event.slice(1).replaceAll(/[_.]/g, ' ');

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { activity, type Happening } from '../../api/account';
import { dateTime } from '../../format';
import { Check, Close } from '../../ui/icons';
import { Pager } from '../../ui/Pager';
import { Failed, Loading } from '../../ui/States';
import { sentence } from './happenings';
import { Head } from './Head';
import css from './Rows.module.css';

export function Activity() {
  const [params, setParams] = useSearchParams();
  const page = Math.max(1, Number(params.get('page')) || 1);
  const { data, error, refetch } = useQuery({ ...activity(page), placeholderData: keepPreviousData });
  return (
    <>
      <Head title="Activity">
        What happened to your account. Something that was not you?{' '}
        <Link to="/settings/password">Change your password</Link>, which ends everybody else’s sessions.
      </Head>
      {error && <Failed error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading lines={6} />}
      {data && (
        <ol className={css.rows} aria-label="Activity">
          {data.data.map((happening) => (
            <Row key={happening.id} happening={happening} />
          ))}
        </ol>
      )}
      {data && <Pager meta={data.meta} onPage={(to) => setParams({ page: String(to) })} />}
    </>
  );
}

function Row({ happening }: { happening: Happening }) {
  const isRefused = happening.outcome === 'refused';
  const who = happening.actor === 'client' ? [happening.device, happening.ip_address] : ['BeatPass'];
  return (
    <li className={css.row}>
      <span className={`${css.picture} ${isRefused ? css.warn : ''}`} aria-hidden="true">
        {isRefused ? <Close /> : <Check />}
      </span>
      <div className={css.words}>
        <span className="row">
          <strong>{sentence(happening)}</strong>
          {isRefused && <span className="tag bad">Refused</span>}
        </span>
        <span className="small muted">{[dateTime(happening.at), ...who].filter(Boolean).join(' · ')}</span>
      </div>
    </li>
  );
}

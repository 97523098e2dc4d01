import { Link } from 'react-router';
import type { BeatRequest } from '../../api/types';
import { ago, amount, plural } from '../../format';
import css from './Requests.module.css';
import { dayOf } from './days';

/** A request in a list. */
export function RequestCard({ request }: { request: BeatRequest }) {
  return (
    <li className={`card ${css.request}`}>
      <div className={css.words}>
        <h2 className={css.title}>
          <Link to={`/requests/${request.id}`}>{request.title}</Link>
        </h2>
        {request.details && <p className={css.details}>{request.details}</p>}
        <p className={css.facts}>
          {request.is_mine && <span className="tag accent">Yours</span>}
          {request.status === 'closed' && <span className="tag">Closed</span>}
          {request.genre && <span className="tag">{request.genre}</span>}
          <span>
            {request.is_mine ? '' : `${request.member.name} · `}
            {ago(request.created_at)}
          </span>
          {request.deadline && <span>needed by {dayOf(request.deadline)}</span>}
        </p>
      </div>
      <p className={css.budget}>
        <strong>{amount(request.budget_cents)}</strong>
        <span className="small muted">{plural(request.offers_count, 'offer')}</span>
      </p>
    </li>
  );
}

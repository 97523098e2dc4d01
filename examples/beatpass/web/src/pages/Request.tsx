// One request: what is needed, and the offers that came.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { get } from '../api/client';
import type { BeatRequest } from '../api/types';
import { ago, amount } from '../format';
import { useSession } from '../session/Session';
import { ButtonLink } from '../ui/Button';
import { Empty, Failed, Loading } from '../ui/States';
import { usePageTitle } from '../ui/usePageTitle';
import { MakeOffer } from './requests/MakeOffer';
import { Offers } from './requests/Offers';
import { OwnRequest } from './requests/OwnRequest';
import css from './requests/Requests.module.css';
import { dayOf } from './requests/days';

export default function Request() {
  const { id } = useParams();
  const { user, isKnown } = useSession();
  const { data, error, refetch } = useQuery({
    queryKey: ['requests', 'one', id],
    queryFn: () => get<BeatRequest>(`/beat-requests/${id}`),
    enabled: user !== null,
  });
  usePageTitle(data?.title ?? 'Request');
  if (data) return <Shown request={data} />;
  return (
    <div className="page stack">
      <h1 className="visually-hidden">Request</h1>
      {isKnown && !user && (
        <Empty title="Sign in to see this request" action={<ButtonLink to={`/sign-in?next=/requests/${id}`}>Sign in</ButtonLink>}>
          What people ask for is for members.
        </Empty>
      )}
      {error && <Failed error={error} onRetry={() => void refetch()} />}
      {!error && (user || !isKnown) && <Loading lines={5} label="Loading the request" />}
    </div>
  );
}

function Shown({ request }: { request: BeatRequest }) {
  const offers = request.offers ?? [];
  return (
    <div className={`page ${css.page}`}>
      <div className="stack">
        <p className="small">
          <Link to="/requests">All requests</Link>
        </p>
        <h1 className={css.long}>{request.title}</h1>
        <p className={css.facts}>
          <span className={`tag ${request.status === 'open' ? 'good' : ''}`}>{request.status === 'open' ? 'Open' : 'Closed'}</span>
          {request.genre && <span className="tag">{request.genre}</span>}
          <span>
            {request.is_mine ? 'Yours' : <Link to={`/producers/${request.member.id}`}>{request.member.name}</Link>},{' '}
            {ago(request.created_at)}
          </span>
        </p>
        {request.details && <p className={css.long}>{request.details}</p>}
        {(request.is_mine || offers.length > 0) && <Offers request={request} offers={offers} />}
      </div>
      <div className={`stack ${css.side}`}>
        <section className="card stack tight" aria-label="Budget">
          <p className="muted">Budget</p>
          <p className={css.big}>{amount(request.budget_cents)}</p>
          {request.deadline && <p className="small muted">Needed by {dayOf(request.deadline)}</p>}
        </section>
        {request.is_mine && <OwnRequest request={request} />}
        {!request.is_mine && offers.length === 0 && request.status === 'open' && <MakeOffer request={request} />}
        {!request.is_mine && (
          <ButtonLink to={`/inbox?to=${request.member.id}`} kind="plain">
            Write to {request.member.name}
          </ButtonLink>
        )}
      </div>
    </div>
  );
}

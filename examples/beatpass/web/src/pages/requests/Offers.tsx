import { Link } from 'react-router';
import type { BeatRequest, Offer } from '../../api/types';
import { ago, price } from '../../format';
import { ButtonLink } from '../../ui/Button';
import { Empty } from '../../ui/States';
import css from './Requests.module.css';

/** To whoever asked, every offer; to a producer, their own. */
export function Offers({ request, offers }: { request: BeatRequest; offers: Offer[] }) {
  return (
    <section className="stack" aria-labelledby="offers">
      <h2 id="offers" tabIndex={-1}>{request.is_mine ? 'Offers' : 'Your offer'}</h2>
      {offers.length === 0 && <Empty title="No offers yet">Producers see your request. What they offer shows here.</Empty>}
      {offers.length > 0 && (
        <ul className={`plain ${css.list}`}>
          {offers.map((offer) => (
            <li key={offer.id} className={`card ${css.offer}`}>
              <div className="row between">
                <div className="stack tight">
                  <h3>
                    {request.is_mine ? <Link to={`/producers/${offer.member.id}`}>{offer.member.name}</Link> : offer.member.name}
                  </h3>
                  <p className="small muted">{ago(offer.created_at)}</p>
                </div>
                <strong className="number">{price(offer.price_cents)}</strong>
              </div>
              <p className={css.long}>{offer.message}</p>
              <div className="row">
                {offer.track && (
                  <ButtonLink to={`/beats/${offer.track.id}`} kind="plain" size="small">
                    Hear “{offer.track.title}”
                  </ButtonLink>
                )}
                {request.is_mine && (
                  <ButtonLink
                    to={`/inbox?to=${offer.member.id}`}
                    kind="plain"
                    size="small"
                  >
                    Write to {offer.member.name}
                  </ButtonLink>
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { purchases } from '../../api/catalogue';
import { asset } from '../../api/client';
import type { Purchase } from '../../api/types';
import { date, price } from '../../format';
import { ButtonLink, DownloadLink } from '../../ui/Button';
import { Cover } from '../../ui/Cover';
import { Filters, Select } from '../../ui/Field';
import { Pager } from '../../ui/Pager';
import { PURCHASE_CHOICE, PurchaseTag } from '../../ui/PurchaseTag';
import { Empty, Failed, Loading } from '../../ui/States';
import { useListParams } from '../../ui/useListParams';
import css from './Library.module.css';

export function Purchases() {
  const list = useListParams();
  const status = list.read('status');
  const { data, error, refetch } = useQuery(
    purchases({ 'filter[status]': status || undefined, sort: '-created_at', page: list.page }),
  );
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading lines={5} />;
  if (data.meta.total === 0 && !status) {
    return (
      <Empty title="You have not bought a beat yet" action={<ButtonLink to="/explore">Explore beats</ButtonLink>}>
        What you buy stands here, to download whenever you like.
      </Empty>
    );
  }
  return (
    <>
      <div className={css.tools}>
        <Filters>
          <Select label="Show" value={status} onChange={(wanted) => list.set({ status: wanted })} options={PURCHASE_CHOICE} />
        </Filters>
      </div>
      <h2 className="visually-hidden">Purchases</h2>
      {data.data.length > 0 ? (
        <ul className={`plain ${css.rows}`}>
          {data.data.map((purchase) => (
            <Row key={purchase.id} purchase={purchase} />
          ))}
        </ul>
      ) : (
        <Empty title="None of them">No purchase of yours is in that state.</Empty>
      )}
      <Pager meta={data.meta} onPage={list.turn} />
    </>
  );
}

function Row({ purchase }: { purchase: Purchase }) {
  const { track, status } = purchase;
  return (
    <li className={css.row}>
      <Cover url={track.cover_url} seed={track.id} className={css.cover} />
      <div className={css.words}>
        <Link to={`/beats/${track.id}`} className={css.title}>
          {track.title}
        </Link>
        <Link to={`/producers/${track.artist.id}`} className={css.artist}>
          {track.artist.name}
        </Link>
        <span className="small muted">
          {date(purchase.paid_at ?? purchase.created_at)} · {price(purchase.price_cents)}
        </span>
        {status === 'failed' && purchase.failure && <span className={css.failure}>{purchase.failure}</span>}
      </div>
      <div className={css.end}>
        <PurchaseTag status={status} />
        {status === 'paid' && (
          <DownloadLink href={asset(`/tracks/${track.id}/download`)} title={track.title} kind="plain" size="small" />
        )}
        {(status === 'pending' || status === 'failed') && (
          <ButtonLink to={`/beats/${track.id}/buy`} kind="plain" size="small">
            Finish buying
          </ButtonLink>
        )}
        {status === 'processing' && (
          <ButtonLink to={`/beats/${track.id}/buy`} kind="plain" size="small">
            See how it stands
          </ButtonLink>
        )}
      </div>
    </li>
  );
}

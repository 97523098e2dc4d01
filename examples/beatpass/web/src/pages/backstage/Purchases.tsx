import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { post, sentence } from '../../api/client';
import type { AnyPurchase } from '../../api/types';
import { amount, dateTime } from '../../format';
import { Ask } from '../../ui/Ask';
import { Button } from '../../ui/Button';
import { Cover } from '../../ui/Cover';
import { Select } from '../../ui/Field';
import { PURCHASE_CHOICE, PurchaseTag } from '../../ui/PurchaseTag';
import rows from '../../ui/Rows.module.css';
import { useToast } from '../../ui/Toast';
import { useListParams } from '../../ui/useListParams';
import { usePageTitle } from '../../ui/usePageTitle';
import { AdminList } from './AdminList';
import css from './Backstage.module.css';

export function Purchases() {
  usePageTitle('Purchases');
  const list = useListParams();
  const [refunding, setRefunding] = useState<AnyPurchase | null>(null);
  const status = list.read('status');
  return (
    <>
      <AdminList<AnyPurchase>
        title="Purchases"
        noun="purchase"
        path="/admin/purchases"
        list={list}
        query={{ 'filter[status]': status || undefined }}
        keyOf={(purchase) => purchase.id}
        row={(purchase) => <Row purchase={purchase} onRefund={() => setRefunding(purchase)} />}
        tools={
          <Select label="Show" value={status} onChange={(value) => list.set({ status: value })} options={PURCHASE_CHOICE} required />
        }
      />
      <Refund purchase={refunding} onClose={() => setRefunding(null)} />
    </>
  );
}

function Row({ purchase, onRefund }: { purchase: AnyPurchase; onRefund: () => void }) {
  const { track } = purchase;
  return (
    <>
      <Cover url={track.cover_url} seed={track.id} className={css.picture} />
      <div className={rows.words}>
        <p className={rows.title}>
          <Link to={`/beats/${track.id}`}>{track.title}</Link>
          <PurchaseTag status={purchase.status} />
        </p>
        <p className={rows.sub}>
          by {track.artist.name}, bought by <Link to={`/producers/${purchase.buyer.id}`}>{purchase.buyer.name}</Link>
        </p>
        {purchase.failure && <p className={rows.sub}>{purchase.failure}</p>}
      </div>
      <dl className={`${rows.facts} ${css.wideFacts}`}>
        <div>
          <dt>Price</dt>
          <dd>{amount(purchase.price_cents)}</dd>
        </div>
        <div className={css.moment}>
          <dt>{purchase.paid_at ? 'Paid' : 'Begun'}</dt>
          <dd>{dateTime(purchase.paid_at ?? purchase.created_at)}</dd>
        </div>
      </dl>
      <div className={`${rows.actions} ${css.lastAction}`}>
        {purchase.status === 'paid' && (
          <Button kind="danger" size="small" onClick={onRefund} label={`Refund ${track.title} to ${purchase.buyer.name}`}>
            Refund
          </Button>
        )}
      </div>
    </>
  );
}

function Refund({ purchase, onClose }: { purchase: AnyPurchase | null; onClose: () => void }) {
  const tell = useToast();
  const queries = useQueryClient();
  const refund = useMutation({
    mutationFn: ({ id }: AnyPurchase) => post(`/admin/purchases/${id}/refund`),
    onSuccess: async (_, done) => {
      await queries.invalidateQueries({ queryKey: ['admin'] });
      tell(`${amount(done.price_cents)} for “${done.track.title}” went back.`);
      onClose();
    },
  });
  return (
    <Ask
      title={`Refund “${purchase?.track.title ?? ''}”?`}
      isOpen={purchase !== null}
      onClose={() => {
        refund.reset();
        onClose();
      }}
      action="Refund"
      isBusy={refund.isPending}
      error={refund.error ? sentence(refund.error) : undefined}
      onConfirm={() => purchase && refund.mutate(purchase)}
    >
      <p>
        {purchase && amount(purchase.price_cents)} goes back to the card, and the beat leaves the buyer’s library. This
        cannot be undone.
      </p>
    </Ask>
  );
}

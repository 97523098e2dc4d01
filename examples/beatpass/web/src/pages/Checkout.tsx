import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { track as trackQuery } from '../api/catalogue';
import { get } from '../api/client';
import type { PaymentSettings, Track } from '../api/types';
import { amount, price } from '../format';
import { Button, ButtonLink } from '../ui/Button';
import { Cover } from '../ui/Cover';
import { Empty, Failed, Loading } from '../ui/States';
import { Back } from '../ui/icons';
import { usePageTitle } from '../ui/usePageTitle';
import { CardForm } from './checkout/CardForm';
import css from './checkout/Checkout.module.css';
import { Done, Waiting } from './checkout/Outcome';
import { isPractice } from './checkout/stripe';
import { refusalOf, usePay, type Means } from './checkout/usePay';

// A page and no dialog: what a bank asks in between is laid over the page, and would lie below a dialog.
export default function Checkout() {
  const { id = '' } = useParams();
  const track = useQuery(trackQuery(id));
  const settings = useQuery({
    queryKey: ['payments', 'settings'],
    queryFn: () => get<PaymentSettings>('/payments/settings'),
    staleTime: 60_000,
  });
  usePageTitle(track.data ? `Buy ${track.data.title}` : 'Buy');
  if (track.data && settings.data) {
    return (
      <div className="page">
        <Counter key={track.data.id} track={track.data} settings={settings.data} />
      </div>
    );
  }
  const error = track.error ?? settings.error;
  return (
    <div className="page">
      <h1 className="visually-hidden">Buy</h1>
      {error ? <Failed error={error} onRetry={() => void (track.refetch(), settings.refetch())} /> : <Loading lines={5} />}
    </div>
  );
}

function Counter({ track, settings }: { track: Track; settings: PaymentSettings }) {
  const { purchase, cents, pay, start, refresh } = usePay(track);
  const [isAgain, setAgain] = useState(false);
  const status = purchase?.status ?? track.purchase_status;
  if (track.purchased || status === 'paid') return <Done track={track} />;
  if (status === 'processing' && !isAgain && !pay.isPending) {
    return (
      <Waiting
        track={track}
        isBusy={refresh.isPending}
        error={refresh.error}
        onAsk={() => refresh.mutate()}
        onAgain={settings.is_configured ? () => setAgain(true) : undefined}
      />
    );
  }
  const refusal = refusalOf(pay.error, isPractice(settings)) ?? purchase?.failure ?? undefined;
  const send = (means: Means | null) => start(means, () => setAgain(false));
  return (
    <div className="stack">
      <Link to={`/beats/${track.id}`} className={css.back}>
        <Back size={16} /> Back to the beat
      </Link>
      <h1>Buy {track.title}</h1>
      <div className={css.columns}>
        <div className="card">
          <Way track={track} settings={settings} refusal={pay.isPending ? undefined : refusal} cents={cents} onPay={send} isBusy={pay.isPending} />
        </div>
        <Summary track={track} cents={cents} />
      </div>
    </div>
  );
}

interface WayProps {
  track: Track;
  settings: PaymentSettings;
  refusal: string | undefined;
  cents: number;
  isBusy: boolean;
  onPay: (means: Means | null) => void;
}

/** How this one is to be had: by a card, for nothing, or not now. */
function Way({ track, settings, refusal, cents, isBusy, onPay }: WayProps) {
  if (track.is_mine) {
    return (
      <Empty title="This is your own beat" action={<ButtonLink to={`/studio/beats/${track.id}`}>Edit it</ButtonLink>}>
        There is nothing to buy: it is in your studio.
      </Empty>
    );
  }
  if (track.purchase_status === 'refunded') {
    return (
      <Empty title="This purchase was refunded" action={<ButtonLink to="/library">Go to your library</ButtonLink>}>
        A beat that was refunded cannot be bought again here.
      </Empty>
    );
  }
  if (!track.audio_url) {
    return (
      <Empty title="Not yet" action={<ButtonLink to={`/beats/${track.id}`}>Back to the beat</ButtonLink>}>
        It can be bought when its sound is here.
      </Empty>
    );
  }
  if (cents === 0) {
    return (
      <div className="stack">
        <p>This beat costs nothing. No card is asked for.</p>
        {refusal && (
          <p className="notice bad" role="alert">
            {refusal}
          </p>
        )}
        <Button size="large" isBusy={isBusy} onClick={() => onPay(null)}>
          Get it for free
        </Button>
      </div>
    );
  }
  if (!settings.is_configured) {
    return <Empty title="Nothing can be bought right now">Payments are not set up on this server yet. You can listen all the same.</Empty>;
  }
  return (
    <CardForm settings={settings} cents={cents} isBusy={isBusy} refusal={refusal} onPay={onPay} />
  );
}

function Summary({ track, cents }: { track: Track; cents: number }) {
  return (
    <section className={`card ${css.summary}`} aria-labelledby="order">
      <h2 id="order">Your order</h2>
      <div className={css.item}>
        <Cover url={track.cover_url} seed={track.id} className={css.thumb} />
        <div className={css.names}>
          <strong>{track.title}</strong>
          <span className="muted">{track.artist.name}</span>
        </div>
        <span className="number">{price(cents)}</span>
      </div>
      <p className={css.total}>
        <span>Total</span>
        <strong className="number">{amount(cents)}</strong>
      </p>
    </section>
  );
}

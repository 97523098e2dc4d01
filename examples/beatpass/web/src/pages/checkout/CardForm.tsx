import { useId, useEffect, useRef, useState, type FormEvent } from 'react';
import { asset } from '../../api/client';
import type { PaymentSettings } from '../../api/types';
import { amount } from '../../format';
import { Button } from '../../ui/Button';
import { Failed } from '../../ui/States';
import css from './Checkout.module.css';
import { cardLook, isPractice, stripeFrom } from './stripe';
import { TestCards } from './TestCards';
import type { Means } from './usePay';

interface Props {
  settings: PaymentSettings;
  cents: number;
  isBusy: boolean;
  refusal: string | undefined;
  onPay: (means: Means) => void;
}

/** The card's number goes into a frame of the payment provider's. */
export function CardForm({ settings, cents, isBusy, refusal, onPay }: Props) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const { means, problem, retry } = useCard(settings, box);

  useEffect(() => {
    if (refusal) means?.card.focus?.();
  }, [refusal, means]);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (means && !isBusy) onPay(means);
  }

  if (problem) return <Failed error={problem} onRetry={retry} />;
  return (
    <form className="stack" aria-label="Payment" onSubmit={submit}>
      <div className="stack tight">
        <p id={id} className={css.label}>
          Card
        </p>
        <div
          ref={box}
          className={`${css.card} ${refusal ? css.refused : ''}`}
          role="group"
          aria-labelledby={id}
          aria-describedby={refusal ? `${id}-error` : undefined}
          aria-busy={!means || undefined}
        />
        {refusal && (
          <p id={`${id}-error`} className={css.error} role="alert">
            {refusal}
          </p>
        )}
      </div>
      <Button type="submit" size="large" isBusy={isBusy} disabled={!means}>
        Pay {amount(cents)}
      </Button>
      {!isPractice(settings) && (
        <p className="small muted">Your card goes straight to the payment provider. BeatPass never sees its number.</p>
      )}
      {settings.test_mode && <TestCards cards={settings.test_cards ?? []} />}
    </form>
  );
}

/** Loads the provider's script and puts its card field into the box. */
function useCard(settings: PaymentSettings, box: { current: HTMLDivElement | null }) {
  const [means, setMeans] = useState<Means | null>(null);
  const [problem, setProblem] = useState<Error | null>(null);
  const [attempt, setAttempt] = useState(0);
  const { script, publishable_key: key } = settings;
  const isOwn = isPractice(settings);

  useEffect(() => {
    if (!script || !key) return;
    let isOver = false;
    let made: Means | null = null;
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const restyle = () => made?.card.update?.(cardLook());
    stripeFrom(isOwn ? asset(script) : script, key).then(
      (stripe) => {
        if (isOver || !box.current) return;
        const card = stripe.elements().create('card', cardLook());
        card.mount(box.current);
        made = { stripe, card };
        setMeans(made);
      },
      (error: Error) => !isOver && setProblem(error),
    );
    dark.addEventListener('change', restyle);
    return () => {
      isOver = true;
      dark.removeEventListener('change', restyle);
      made?.card.destroy();
      setMeans(null);
    };
  }, [script, key, isOwn, box, attempt]);

  const retry = () => {
    setProblem(null);
    setAttempt(attempt + 1);
  };
  return { means, problem, retry };
}

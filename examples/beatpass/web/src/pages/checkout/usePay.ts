import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { ApiError, post } from '../../api/client';
import type { Purchase, Track } from '../../api/types';
import { amount } from '../../format';
import type { CardElement, Stripe } from './stripe';

interface Confirmed {
  purchase: Purchase;
  requires_action: boolean;
  client_secret: string | null;
}

export interface Means {
  stripe: Stripe;
  card: CardElement;
}

/** Buys a beat, by a card or (what costs nothing) without one. */
export function usePay(track: Track) {
  const path = `/tracks/${track.id}/purchase`;
  const queries = useQueryClient();
  const [purchase, setPurchase] = useState<Purchase>();
  // A purchase keeps the price it was begun at; what is shown is what is charged.
  const shown = purchase?.price_cents ?? track.price_cents;
  const isOn = useRef(false);

  const ask = () => Promise.all(['tracks', 'purchases'].map((name) => queries.invalidateQueries({ queryKey: [name] })));

  async function settle(latest: Purchase) {
    await ask();
    setPurchase(latest);
  }

  /** Whoever has bought it, and never heard of it, hears of it now. */
  async function begin(): Promise<Purchase> {
    try {
      return await post<Purchase>(`${path}/initiate`);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'ALREADY_BOUGHT') throw error;
      return post<Purchase>(`${path}/refresh`);
    }
  }

  const pay = useMutation({
    mutationFn: async (means: Means | null) => {
      const method = means && (await methodOf(means));
      const begun = await begin();
      if (!means || !method || begun.status === 'paid') return settle(begun);
      if (begun.price_cents !== shown) {
        await settle(begun);
        throw new Error(`You began to buy this beat at ${amount(begun.price_cents)}. Press Pay again to pay that.`);
      }
      const answer = await post<Confirmed>(`${path}/confirm`, { payment_method: method });
      if (!answer.requires_action || !answer.client_secret) return settle(answer.purchase);
      const proved = await means.stripe.handleNextAction({ clientSecret: answer.client_secret });
      const after = await post<Purchase>(`${path}/refresh`);
      if (proved.error && after.status !== 'paid') {
        throw new Error(after.failure ?? proved.error.message ?? 'Your bank did not confirm the payment.');
      }
      return settle(after);
    },
    // What was not answered may have been done all the same.
    onError: () => ask(),
    onSettled: () => {
      isOn.current = false;
    },
  });

  // The second half of a double click comes before the page shows that it is busy.
  function start(means: Means | null, onSuccess: () => void) {
    if (isOn.current) return;
    isOn.current = true;
    pay.mutate(means, { onSuccess });
  }

  const refresh = useMutation({ mutationFn: async () => settle(await post<Purchase>(`${path}/refresh`)) });

  return { purchase, cents: shown, pay, start, refresh };
}

async function methodOf({ stripe, card }: Means): Promise<string> {
  const { paymentMethod, error } = await stripe.createPaymentMethod({ type: 'card', card });
  if (!paymentMethod) throw new CardError(error?.message ?? 'Your card could not be read. Check its number and try again.');
  return paymentMethod.id;
}

/** What is wrong with the card as it was typed. */
class CardError extends Error {}

/** What went wrong, in the server's own words where it has some for the card. */
export function refusalOf(error: Error | null, isPractice: boolean): string | undefined {
  // The practice form says by itself what is wrong with what was typed into it.
  if (!error || (isPractice && error instanceof CardError)) return undefined;
  if (!(error instanceof ApiError)) return error.message;
  return error.field('payment_method') ?? error.field('track') ?? error.message;
}

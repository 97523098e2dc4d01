// The part of Stripe.js that is used here, and how it comes into the page: from the address that the
// server gives, once. Card numbers are typed into Stripe's own frame and never pass through ours.
import type { PaymentSettings } from '../../api/types';

export interface CardElement {
  mount(where: HTMLElement): void;
  destroy(): void;
  focus?(): void;
  update?(options: CardOptions): void;
}

export interface CardOptions {
  style: Record<string, Record<string, string | Record<string, string>>>;
}

interface Failing {
  error?: { message?: string };
}

export interface Stripe {
  elements(): { create(kind: 'card', options: CardOptions): CardElement };
  createPaymentMethod(of: { type: 'card'; card: CardElement }): Promise<Failing & { paymentMethod?: { id: string } }>;
  handleNextAction(of: { clientSecret: string }): Promise<Failing>;
}

declare global {
  interface Window {
    Stripe?: (key: string) => Stripe;
  }
}

/** Whether the server plays the provider itself: then its form and its script come from there. */
export const isPractice = ({ script }: PaymentSettings): boolean => script?.startsWith('/') ?? false;

let coming: Promise<void> | undefined;

function load(address: string): Promise<void> {
  coming ??= new Promise<void>((resolve, reject) => {
    const script = document.createElement('script');
    script.src = address;
    script.onload = () => resolve();
    script.onerror = () => {
      // So that it can be tried again.
      coming = undefined;
      script.remove();
      reject(new Error('The payment form cannot be loaded. Check your connection and try again.'));
    };
    document.head.append(script);
  });
  return coming;
}

export async function stripeFrom(address: string, key: string): Promise<Stripe> {
  if (!window.Stripe) await load(address);
  if (!window.Stripe) throw new Error('The payment form cannot be loaded. Try again in a moment.');
  return window.Stripe(key);
}

/** The frame's words look like those around it. */
export function cardLook(): CardOptions {
  const colours = getComputedStyle(document.documentElement);
  const colour = (name: string) => colours.getPropertyValue(name).trim();
  return {
    style: {
      base: { color: colour('--text'), fontSize: '16px', '::placeholder': { color: colour('--muted') } },
      invalid: { color: colour('--bad') },
    },
  };
}

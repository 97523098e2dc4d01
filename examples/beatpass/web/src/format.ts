// How numbers and moments are shown.

const money = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
const whole = new Intl.NumberFormat('en-US');
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
const shortMoney = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  notation: 'compact',
  maximumFractionDigits: 1,
});
const day = new Intl.DateTimeFormat('en-US', { day: 'numeric', month: 'short', year: 'numeric' });
const clock = new Intl.DateTimeFormat('en-US', { timeStyle: 'short' });
const moment = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeStyle: 'short' });

export const price = (cents: number): string => (cents === 0 ? 'Free' : money.format(cents / 100));
export const amount = (cents: number): string => money.format(cents / 100);
export const count = (number: number): string => whole.format(number);
export const compact = (number: number): string => short.format(number);
export const compactAmount = (cents: number): string => shortMoney.format(cents / 100);
export const time = (text: string): string => clock.format(new Date(text));
export const date = (text: string): string => day.format(new Date(text));
export const dateTime = (text: string): string => moment.format(new Date(text));
export const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;
export const plural = (number: number, one: string, many = `${one}s`): string =>
  `${count(number)} ${number === 1 ? one : many}`;

export function duration(seconds: number | null): string {
  const known = Math.max(0, Math.round(seconds ?? 0));
  return `${Math.floor(known / 60)}:${String(known % 60).padStart(2, '0')}`;
}

/** "5 minutes ago", for what is near; a date for what is not. */
export function ago(text: string): string {
  const seconds = Math.round((Date.now() - new Date(text).getTime()) / 1000);
  if (seconds < 60) return 'just now';
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  if (seconds < 7 * 86_400) return plural(Math.floor(seconds / 86_400), 'day') + ' ago';
  return date(text);
}

/** "3.4 MB", as files are spoken of. */
export function fileSize(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.max(1, Math.round(bytes / 1000))} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** What somebody typed as dollars, in whole cents; nothing where it is no amount. */
export function cents(text: string): number | undefined {
  const found = /^\$?\s*(\d{1,6})(?:[.,](\d{1,2}))?$/.exec(text.trim());
  if (!found) return undefined;
  return Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0'));
}

/** What is wrong with an amount that somebody typed, of what can be asked for at most. */
export function amountFault(text: string, most: number, example = '50'): string | undefined {
  const found = cents(text);
  if (found === undefined) return `Enter an amount such as ${example}.`;
  return found > most ? `Enter at most ${amount(most).replace('.00', '')}.` : undefined;
}

/** Cents as somebody would type them. */
export const dollars = (amountInCents: number): string =>
  amountInCents % 100 === 0 ? String(amountInCents / 100) : (amountInCents / 100).toFixed(2);

// A deadline is a day, wherever one is: it is not moved by the clock's zone.

const day = new Intl.DateTimeFormat('en-US', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

export const dayOf = (text: string): string => day.format(new Date(text.slice(0, 10)));

/** Today where one is, as a date field has it. */
export function today(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

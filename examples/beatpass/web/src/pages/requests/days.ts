// A deadline is a day, wherever one is: it is not moved by the clock's zone.

const day = new Intl.DateTimeFormat('en-US', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

export const dayOf = (text: string): string => day.format(new Date(text.slice(0, 10)));

/** The first day that lies ahead, as a date field has it. */
export const tomorrow = (): string => new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);

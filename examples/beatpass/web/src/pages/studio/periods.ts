// The periods of the dashboard, and how its days and months are called.

export const PERIODS = [
  { value: '7d', label: '7 days' },
  { value: '30d', label: '30 days' },
  { value: '90d', label: '90 days' },
  { value: '12m', label: '12 months' },
] as const satisfies { value: string; label: string }[];

export type Period = (typeof PERIODS)[number]['value'];

export const isPeriod = (text: string): text is Period => PERIODS.some((period) => period.value === text);

const zone = { timeZone: 'UTC' } as const;
const short = new Intl.DateTimeFormat('en-US', { day: 'numeric', month: 'short', ...zone });
const long = new Intl.DateTimeFormat('en-US', { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric', ...zone });
const month = new Intl.DateTimeFormat('en-US', { month: 'short', ...zone });
const longMonth = new Intl.DateTimeFormat('en-US', { month: 'long', year: 'numeric', ...zone });
const whole = new Intl.DateTimeFormat('en-US', { day: 'numeric', month: 'long', year: 'numeric', ...zone });

// Days are the server's, so they are read where they were counted: in UTC.
const at = (text: string) => new Date(text.length === 7 ? `${text}-01` : text);

export const pointLabel = (date: string, isMonth: boolean): string => (isMonth ? month : short).format(at(date));
export const pointName = (date: string, isMonth: boolean): string => (isMonth ? longMonth : long).format(at(date));
export const between = (from: string, to: string): string => `${whole.format(at(from))} to ${whole.format(at(to))}`;

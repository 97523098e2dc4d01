// Where things lie in a chart: round steps, and which days are named.

export interface Point {
  /** Below the chart, where there is little room. */
  label: string;
  /** In full: for the tooltip and the table. */
  name: string;
  value: number;
}

export const HEIGHT = 190;
/** Room around the picture for what is written there. */
export const EDGE = { left: 44, right: 10, top: 10, bottom: 26 };

const STEPS = [1, 2, 5, 10];

/** Round numbers from nothing to at least the highest; whole ones, as plays, sales and cents are. */
export function ticks(highest: number, least: number, wanted = 4): number[] {
  const top = Math.max(highest, least);
  const rough = Math.max(1, top / wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (STEPS.find((one) => one * power >= rough) ?? 10) * power;
  return Array.from({ length: Math.ceil(top / step) + 1 }, (_, place) => place * step);
}

/** The places that are named below: evenly spread, as many as there is room for. */
export function named(places: number, width: number, room = 76): number[] {
  const every = Math.max(1, Math.ceil(places / Math.max(2, Math.floor(width / room))));
  return Array.from({ length: Math.ceil(places / every) }, (_, place) => place * every);
}

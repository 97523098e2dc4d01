// What beats can be narrowed by: the names in the address, and those the server knows.
import type { Params } from '../../api/catalogue';
import { cents } from '../../format';

export interface Filters {
  genre: string;
  mood: string;
  key: string;
  min_bpm: string;
  max_bpm: string;
  min_price: string;
  max_price: string;
}

export type FilterName = keyof Filters;

export const NAMES: FilterName[] = ['genre', 'mood', 'key', 'min_bpm', 'max_bpm', 'min_price', 'max_price'];

export const SORTS = [
  { value: '-created_at', label: 'Newest first' },
  { value: '-plays', label: 'Most played' },
  { value: 'price', label: 'Price, lowest first' },
  { value: '-price', label: 'Price, highest first' },
  { value: 'bpm', label: 'Tempo, slowest first' },
  { value: '-bpm', label: 'Tempo, fastest first' },
  { value: 'title', label: 'Title, A to Z' },
];

export const readFilters = (read: (name: string) => string): Filters => ({
  genre: read('genre'),
  mood: read('mood'),
  key: read('key'),
  min_bpm: read('min_bpm'),
  max_bpm: read('max_bpm'),
  min_price: read('min_price'),
  max_price: read('max_price'),
});

/** As the server takes them: prices are shown in dollars and asked in cents. */
export function asked(filters: Filters): Params {
  const params: Params = {};
  for (const name of NAMES) {
    const value = filters[name];
    if (value) params[`filter[${name}]`] = name.endsWith('price') ? (cents(value) ?? value) : value;
  }
  return params;
}

/** What a filter says when it is on. */
export function saying(name: FilterName, value: string): string {
  switch (name) {
    case 'min_bpm':
      return `From ${value} BPM`;
    case 'max_bpm':
      return `Up to ${value} BPM`;
    case 'min_price':
      return `From $${value}`;
    case 'max_price':
      return `Up to $${value}`;
    default:
      return value;
  }
}

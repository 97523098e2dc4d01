// A beat as it is typed, and as it is sent.
import type { Track } from '../../api/types';
import { amountFault, cents, dollars } from '../../format';

export interface BeatValues {
  title: string;
  genre: string;
  mood: string;
  bpm: string;
  key: string;
  tags: string;
  price: string;
  description: string;
  album: string;
  isPublished: boolean;
}

export interface Files {
  audio: File | null;
  cover: File | null;
}

export type Errors = Record<string, string>;

export const NO_FILES: Files = { audio: null, cover: null };

export const EMPTY: BeatValues = {
  title: '',
  genre: '',
  mood: '',
  bpm: '',
  key: '',
  tags: '',
  price: '',
  description: '',
  album: '',
  isPublished: true,
};

const NOTES = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'];
export const KEYS = NOTES.flatMap((note) => [`${note} major`, `${note} minor`]);
export const MOODS = ['Bright', 'Calm', 'Dark', 'Dreamy', 'Energetic', 'Melancholic', 'Romantic', 'Tense'];

export const valuesOf = (track: Track): BeatValues => ({
  title: track.title,
  genre: track.genre ?? '',
  mood: track.mood ?? '',
  bpm: track.bpm === null ? '' : String(track.bpm),
  key: track.key ?? '',
  tags: track.tags.join(', '),
  price: dollars(track.price_cents),
  description: track.description ?? '',
  album: track.album ? String(track.album.id) : '',
  isPublished: track.is_published !== false,
});

const tagsOf = (text: string) => [...new Set(text.split(',').map((tag) => tag.trim()).filter(Boolean))];

/** A card is charged no less than this, in cents. */
const LOWEST = 50;
const HIGHEST = 200_000;

function priceFault(text: string): string | undefined {
  const price = cents(text);
  const isTooLow = price !== undefined && price > 0 && price < LOWEST;
  if (isTooLow) return 'A card cannot be charged less than 50 cents. Ask for more, or enter 0 to make it free.';
  return amountFault(text, HIGHEST, '29 or 29.90, or 0 to make it free');
}

/** What can be seen to be wrong before it is sent; the server has the last word. */
export function faults(values: BeatValues): Errors {
  const errors: Errors = {};
  if (!values.title.trim()) errors.title = 'Give your beat a title.';
  const price = priceFault(values.price);
  if (price) errors.price_cents = price;
  if (values.bpm.trim() && !/^\d{2,3}$/.test(values.bpm.trim())) errors.bpm = 'Enter a whole number such as 140.';
  return errors;
}

export const bodyOf = (values: BeatValues) => ({
  title: values.title.trim(),
  genre: values.genre.trim() || null,
  mood: values.mood.trim() || null,
  bpm: values.bpm.trim() ? Number(values.bpm) : null,
  key: values.key.trim() || null,
  tags: tagsOf(values.tags),
  description: values.description.trim() || null,
  price_cents: cents(values.price) ?? 0,
  album_id: values.album ? Number(values.album) : null,
  is_published: values.isPublished,
});

/** The same with files beside it. An empty text stands for nothing. */
export function formOf(values: BeatValues, files: Files): FormData {
  const { tags, ...rest } = bodyOf(values);
  const form = new FormData();
  for (const [name, value] of Object.entries(rest)) {
    form.append(name, typeof value === 'boolean' ? String(Number(value)) : String(value ?? ''));
  }
  for (const tag of tags) form.append('tags[]', tag);
  if (files.audio) form.append('audio', files.audio);
  if (files.cover) form.append('cover', files.cover);
  return form;
}

/** The server names tags and beats one by one; here they are one field. */
export const gathered = (errors: Errors): Errors =>
  Object.fromEntries(Object.entries(errors).map(([name, said]) => [name.replace(/\.\d+$/, ''), said]));

/** The errors with one more, or with one less. */
export function withOrWithout(errors: Errors, field: string, said: string | undefined): Errors {
  const others = Object.fromEntries(Object.entries(errors).filter(([name]) => name !== field));
  return said ? { ...others, [field]: said } : others;
}

// What is asked of the catalogue, each question with the name it is remembered by.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { get } from './client';
import type { Album, Artist, Found, Genre, Page, Purchase, Track } from './types';

export type Params = Record<string, string | number | undefined>;

/** A page of beats; while another is fetched, the one before stays. */
export const tracks = (params: Params) =>
  queryOptions({
    queryKey: ['tracks', 'list', params],
    queryFn: () => get<Page<Track>>('/tracks', params),
    placeholderData: keepPreviousData,
  });

export const track = (id: string | number) =>
  queryOptions({ queryKey: ['tracks', 'one', String(id)], queryFn: () => get<Track>(`/tracks/${id}`) });

export const artists = (params: Params) =>
  queryOptions({
    queryKey: ['artists', 'list', params],
    queryFn: () => get<Page<Artist>>('/artists', params),
    placeholderData: keepPreviousData,
  });

export const artist = (id: string | number) =>
  queryOptions({ queryKey: ['artists', 'one', String(id)], queryFn: () => get<Artist>(`/artists/${id}`) });

export const album = (id: string | number) =>
  queryOptions({ queryKey: ['albums', 'one', String(id)], queryFn: () => get<Album>(`/albums/${id}`) });

export const genres = () =>
  queryOptions({ queryKey: ['genres'], queryFn: () => get<{ data: Genre[] }>('/genres'), staleTime: 300_000 });

/** One's own beats by their titles, unpublished ones too: as many as can be chosen from. */
export const myTracks = () =>
  queryOptions({
    queryKey: ['me', 'tracks', 'all'],
    queryFn: () => get<Page<Track>>('/me/tracks', { per_page: 100, sort: 'title' }),
  });

export const found = (q: string) =>
  queryOptions({ queryKey: ['search', q], queryFn: () => get<Found>('/search', { q }), enabled: q !== '' });

export const following = (params: Params) =>
  queryOptions({
    queryKey: ['following', params],
    queryFn: () => get<Page<Artist>>('/me/following', params),
    placeholderData: keepPreviousData,
  });

export const purchases = (params: Params) =>
  queryOptions({
    queryKey: ['purchases', params],
    queryFn: () => get<Page<Purchase>>('/purchases', params),
    placeholderData: keepPreviousData,
  });

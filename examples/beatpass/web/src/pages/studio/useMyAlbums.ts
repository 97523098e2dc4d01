import { useQuery } from '@tanstack/react-query';
import { ApiError, get } from '../../api/client';
import type { Album, Artist, Page, Track } from '../../api/types';
import { useSession } from '../../session/Session';

/** One's own collections, the newest first: those that one's own page lists, and those whose beats are
    not published yet, which one's own beats name. */
export function useMyAlbums() {
  const { user } = useSession();
  return useQuery({
    queryKey: ['me', 'albums', user?.id],
    enabled: user !== null,
    queryFn: async (): Promise<Album[]> => {
      const [shown, beats] = await Promise.all([
        published(user?.id),
        get<Page<Track>>('/me/tracks', { per_page: 100 }),
      ]);
      const known = new Set(shown.map((album) => album.id));
      const named = new Set(beats.data.flatMap((beat) => (beat.album && !known.has(beat.album.id) ? [beat.album.id] : [])));
      const hidden = await Promise.all([...named].map((id) => get<Album>(`/albums/${id}`)));
      return [...shown, ...hidden].sort((one, other) => other.id - one.id);
    },
  });
}

/** Whoever has no page yet has none. */
async function published(id: number | undefined): Promise<Album[]> {
  try {
    return (await get<Artist>(`/artists/${id}`)).albums ?? [];
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return [];
    throw error;
  }
}

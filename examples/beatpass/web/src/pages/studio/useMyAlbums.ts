import { useQuery } from '@tanstack/react-query';
import { ApiError, get } from '../../api/client';
import type { Album, Artist } from '../../api/types';
import { useSession } from '../../session/Session';

/** One's own collections, as one's own page lists them. Whoever has no page yet has none. */
export function useMyAlbums() {
  const { user } = useSession();
  return useQuery({
    queryKey: ['me', 'albums', user?.id],
    enabled: user !== null,
    queryFn: async (): Promise<Album[]> => {
      try {
        return (await get<Artist>(`/artists/${user?.id}`)).albums ?? [];
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return [];
        throw error;
      }
    },
  });
}

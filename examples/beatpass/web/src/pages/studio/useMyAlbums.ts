import { useQuery } from '@tanstack/react-query';
import { get } from '../../api/client';
import type { Album, Page } from '../../api/types';
import { useSession } from '../../session/Session';

/** One's own collections, the newest first. */
export function useMyAlbums() {
  const { user } = useSession();
  return useQuery({
    queryKey: ['me', 'albums', user?.id],
    enabled: user !== null,
    queryFn: async () => (await get<Page<Album>>('/me/albums', { per_page: 100 })).data,
  });
}

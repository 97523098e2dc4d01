// Who is signed in, for every page.
import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useEffect, useMemo, type ReactNode } from 'react';
import { ApiError, get, post, whenSignedOut, WHO_PATH } from '../api/client';
import type { User } from '../api/types';

interface Session {
  user: User | null;
  /** Until the server has said who it is, neither is known. */
  isKnown: boolean;
  /** Why the server could not say who it is. */
  error: Error | null;
  /** A browser that was remembered is back, and its second factor is asked for. */
  isHalfIn: boolean;
  /** Asks the server again, after somebody came in or changed their account. */
  refresh: () => Promise<void>;
  signOut: () => Promise<void>;
}

const Context = createContext<Session | null>(null);
const WHO = ['user'];

interface Who {
  user: User | null;
  isHalfIn: boolean;
}

const NOBODY: Who = { user: null, isHalfIn: false };

const others = { predicate: ({ queryKey }: { queryKey: readonly unknown[] }) => queryKey[0] !== WHO[0] };

/** Whenever it is somebody else than before, nothing that was told to those is shown to these. */
function turned(queries: QueryClient, now: Who): Who {
  const before = queries.getQueryData<Who>(WHO);
  if (before && before.user?.id !== now.user?.id) {
    void queries.cancelQueries(others);
    queries.removeQueries({ ...others, type: 'inactive' });
    // A member's page is left now, and its questions would be refused.
    if (!now.user) return now;
    // What the page shows is asked for anew, and is empty until then.
    void queries.resetQueries({ ...others, type: 'active' });
  }
  return now;
}

async function who(): Promise<Who> {
  try {
    return { user: await get<User>(WHO_PATH), isHalfIn: false };
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    return { user: null, isHalfIn: error.code === 'TWO_FACTOR_REQUIRED' };
  }
}

export function SessionProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const { data, isPending, error } = useQuery({
    queryKey: WHO,
    queryFn: async () => turned(queries, await who()),
    staleTime: 60_000,
    // Somebody may have come or gone in another tab.
    refetchOnWindowFocus: 'always',
  });

  useEffect(() => {
    async function gone(isHalfIn: boolean) {
      const known = queries.getQueryData<Who>(WHO);
      if (!known || (!known.user && known.isHalfIn === isHalfIn)) return;
      // An answer that is on its way is older than this.
      await queries.cancelQueries({ queryKey: WHO });
      queries.setQueryData(WHO, turned(queries, { user: null, isHalfIn }));
    }
    whenSignedOut((isHalfIn) => void gone(isHalfIn));
  }, [queries]);

  const refresh = useCallback(async () => {
    await queries.invalidateQueries({ queryKey: WHO });
    // Tracks, artists and the like say more to members.
    void queries.invalidateQueries(others, { cancelRefetch: false });
  }, [queries]);

  const signOut = useCallback(async () => {
    await post('/logout');
    // A new page knows nothing of them any more, and asks nothing in their name.
    location.assign('/');
  }, []);

  const session = useMemo(
    () => ({ ...(data ?? NOBODY), isKnown: !isPending, error: data ? null : error, refresh, signOut }),
    [data, isPending, error, refresh, signOut],
  );
  return <Context value={session}>{children}</Context>;
}

export function useSession(): Session {
  const session = useContext(Context);
  if (!session) throw new Error('useSession needs SessionProvider around it');
  return session;
}

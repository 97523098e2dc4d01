// Who is signed in, for every page.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useEffect, useMemo, type ReactNode } from 'react';
import { ApiError, get, post, whenSignedOut } from '../api/client';
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

async function who(): Promise<Who> {
  try {
    return { user: await get<User>('/api/user'), isHalfIn: false };
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    return { user: null, isHalfIn: error.code === 'TWO_FACTOR_REQUIRED' };
  }
}

export function SessionProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const { data, isPending, error } = useQuery({ queryKey: WHO, queryFn: who, staleTime: 60_000 });

  useEffect(() => {
    whenSignedOut(() => {
      // The question who it is has an answer of its own.
      if (queries.getQueryData<Who>(WHO)?.user) queries.setQueryData(WHO, NOBODY);
    });
  }, [queries]);

  const refresh = useCallback(async () => {
    await queries.invalidateQueries({ queryKey: WHO });
    // Tracks, artists and the like say more to members.
    void queries.invalidateQueries();
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

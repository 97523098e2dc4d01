// Who is signed in, for every page.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useEffect, useMemo, type ReactNode } from 'react';
import { ApiError, get, post, whenSignedOut } from '../api/client';
import type { User } from '../api/types';

interface Session {
  user: User | null;
  /** Until the server has said who it is, neither is known. */
  isKnown: boolean;
  /** Asks the server again, after somebody came in or changed their account. */
  refresh: () => Promise<void>;
  signOut: () => Promise<void>;
}

const Context = createContext<Session | null>(null);
const WHO = ['user'];

async function who(): Promise<User | null> {
  try {
    return await get<User>('/api/user');
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

export function SessionProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const { data, isPending } = useQuery({ queryKey: WHO, queryFn: who, staleTime: 60_000 });

  useEffect(() => {
    whenSignedOut(() => queries.setQueryData(WHO, null));
  }, [queries]);

  const refresh = useCallback(async () => {
    await queries.invalidateQueries({ queryKey: WHO });
    // Tracks, artists and the like say more to members.
    void queries.invalidateQueries();
  }, [queries]);

  const signOut = useCallback(async () => {
    await post('/logout');
    queries.clear();
    queries.setQueryData(WHO, null);
  }, [queries]);

  const session = useMemo(
    () => ({ user: data ?? null, isKnown: !isPending, refresh, signOut }),
    [data, isPending, refresh, signOut],
  );
  return <Context value={session}>{children}</Context>;
}

export function useSession(): Session {
  const session = useContext(Context);
  if (!session) throw new Error('useSession needs SessionProvider around it');
  return session;
}

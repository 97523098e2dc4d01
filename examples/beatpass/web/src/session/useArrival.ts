import { useEffect } from 'react';
import { useSearchParams } from 'react-router';
import { useToast } from '../ui/Toast';
import { useSession } from './Session';

/** What the address says to whoever has deleted their account. */
export const DELETED = 'deleted';

/** Adyton's page where an address is proved leads here with a word of it, and so does a deleted account. */
export function useArrival(): void {
  const [params, setParams] = useSearchParams();
  const { user, isKnown } = useSession();
  const tell = useToast();
  const isProved = params.get('verified') === '1' && Boolean(user?.email_verified_at);
  const isDeleted = params.get(DELETED) === '1' && isKnown && !user;

  useEffect(() => {
    if (!isProved && !isDeleted) return;
    tell(isProved ? 'Your email address is confirmed.' : 'Your account is deleted.');
    setParams(
      (now) => {
        now.delete('verified');
        now.delete(DELETED);
        return now;
      },
      { replace: true },
    );
  }, [isProved, isDeleted, setParams, tell]);
}

import { useEffect } from 'react';
import { useSearchParams } from 'react-router';
import { useToast } from '../ui/Toast';
import { useSession } from './Session';

/** Whoever proved their address on Adyton's page lands here with a word of it. */
export function useArrival(): void {
  const [params, setParams] = useSearchParams();
  const { user } = useSession();
  const tell = useToast();
  const isProved = Boolean(user?.email_verified_at);
  const isTold = params.get('verified') === '1';

  useEffect(() => {
    if (!isTold || !isProved) return;
    tell('Your email address is confirmed.');
    setParams(
      (now) => {
        now.delete('verified');
        return now;
      },
      { replace: true },
    );
  }, [isTold, isProved, setParams, tell]);
}

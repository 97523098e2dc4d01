// "Confirm it's you": the server answers 423 where a session alone is not enough.
import { useCallback, useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { ApiError, confirmBy, post } from '../api/client';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { Field } from '../ui/Field';

export function ConfirmProvider({ children }: { children: ReactNode }) {
  const [isAsked, setAsked] = useState(false);
  const [password, setPassword] = useState('');
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const answer = useRef<(proved: boolean) => void>(() => {});

  useEffect(() => {
    confirmBy(
      () =>
        new Promise((resolve) => {
          answer.current = resolve;
          setPassword('');
          setError(undefined);
          setAsked(true);
        }),
    );
    return () => confirmBy(null);
  }, []);

  const close = useCallback((proved: boolean) => {
    setAsked(false);
    answer.current(proved);
  }, []);

  async function confirm(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    try {
      await post('/user/confirm-password', { password });
      close(true);
    } catch (refused) {
      setError(refused instanceof ApiError ? (refused.field('password') ?? refused.message) : String(refused));
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      {children}
      <Dialog title="Confirm it’s you" isOpen={isAsked} onClose={() => close(false)}>
        <form onSubmit={confirm} className="stack">
          <p className="muted">You are about to change something that matters. Enter your password to go on.</p>
          <Field
            label="Password"
            type="password"
            autoComplete="current-password"
            value={password}
            onChange={setPassword}
            error={error}
            required
          />
          <div className="row end">
            <Button kind="quiet" onClick={() => close(false)}>
              Cancel
            </Button>
            <Button type="submit" isBusy={isBusy}>
              Confirm
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}

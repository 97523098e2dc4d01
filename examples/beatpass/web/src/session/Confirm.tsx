// "Confirm it's you": the server answers 423 where a session alone is not enough.
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { confirmBy } from '../api/client';
import { Dialog } from '../ui/Dialog';
import { ConfirmWays } from './ConfirmWays';

/** The one question that is open, however many requests wait for it. */
interface Open {
  answer: Promise<boolean>;
  resolve: (proved: boolean) => void;
}

export function ConfirmProvider({ children }: { children: ReactNode }) {
  const [isAsked, setAsked] = useState(false);
  const open = useRef<Open | null>(null);

  useEffect(() => {
    confirmBy(() => {
      if (!open.current) {
        let resolve: Open['resolve'] = () => {};
        const answer = new Promise<boolean>((told) => (resolve = told));
        open.current = { answer, resolve };
        setAsked(true);
      }
      return open.current.answer;
    });
    return () => confirmBy(null);
  }, []);

  const close = useCallback((proved: boolean) => {
    setAsked(false);
    open.current?.resolve(proved);
    open.current = null;
  }, []);

  return (
    <>
      {children}
      <Dialog title="Confirm it’s you" isOpen={isAsked} onClose={() => close(false)}>
        <ConfirmWays onDone={close} />
      </Dialog>
    </>
  );
}

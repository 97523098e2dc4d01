// What every form does: it is sent once at a time, what was refused is said, and the focus goes there.
import { useEffect, useRef, useState, type FormEvent, type RefObject } from 'react';
import { asRefusal, type ApiError } from '../api/client';

interface Form {
  ref: RefObject<HTMLFormElement | null>;
  submit: (event: FormEvent) => void;
  isBusy: boolean;
  error: ApiError | undefined;
  /** What was wrong with a field. */
  wrong: (field: string) => string | undefined;
}

export function useForm(send: () => Promise<void>): Form {
  const ref = useRef<HTMLFormElement>(null);
  const { act, isBusy, error } = useAct();

  useEffect(() => {
    if (error) ref.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-refused]')?.focus();
  }, [error]);

  function submit(event: FormEvent) {
    event.preventDefault();
    event.stopPropagation();
    void act(send);
  }

  return { ref, submit, isBusy, error, wrong: (field) => error?.fields[field]?.join(' ') };
}

interface Act {
  act: (work: () => Promise<void>) => Promise<void>;
  isBusy: boolean;
  error: ApiError | undefined;
}

/** The same for a button: one thing at a time, and what was refused. To cancel is not to be refused. */
export function useAct(): Act {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();

  async function act(work: () => Promise<void>) {
    if (isBusy) return;
    setBusy(true);
    try {
      await work();
      setError(undefined);
    } catch (thrown) {
      const refused = asRefusal(thrown);
      setError(refused.status === 423 ? undefined : refused);
    } finally {
      setBusy(false);
    }
  }

  return { act, isBusy, error };
}

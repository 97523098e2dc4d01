import { useEffect, useRef, useState } from 'react';
import { byField, sentence, upload } from '../../api/client';
import { gathered, type Errors } from './beat';

/** A form with files on its way: how far it is, and how to stop it. */
export function useSending() {
  const [part, setPart] = useState<number | null>(null);
  const [errors, setErrors] = useState<Errors>({});
  const [said, setSaid] = useState<string>();
  const stop = useRef<AbortController | null>(null);
  const isBusy = part !== null;

  // Whoever leaves the page lets go of what is on its way; the browser asks before it closes.
  const isHere = useRef(true);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
      stop.current?.abort();
    };
  }, []);
  useEffect(() => {
    if (!isBusy) return;
    const hold = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', hold);
    return () => window.removeEventListener('beforeunload', hold);
  }, [isBusy]);

  /** Does what it is given and keeps what the server says against it. */
  async function run<T>(act: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    const controller = new AbortController();
    stop.current = controller;
    setErrors({});
    setSaid(undefined);
    setPart(0);
    try {
      return await act(controller.signal);
    } catch (error) {
      const fields = gathered(byField(error));
      setErrors(fields);
      if (Object.keys(fields).length === 0) {
        setSaid(sentence(error));
      }
      return undefined;
    } finally {
      setPart(null);
    }
  }

  const send = <T>(method: 'POST' | 'PUT', url: string, form: FormData) =>
    run((signal) => upload<T>(method, url, form, setPart, signal));

  return { part, isBusy, errors, setErrors, said, run, send, isHere: () => isHere.current, cancel: () => stop.current?.abort() };
}

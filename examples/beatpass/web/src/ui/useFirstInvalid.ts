import { useEffect, useRef, type RefObject } from 'react';

/** After a refusal the first field that is wrong has the focus. */
export function useFirstInvalid(errors: object): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (Object.keys(errors).length === 0) return;
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-refused]')?.focus();
  }, [errors]);
  return form;
}

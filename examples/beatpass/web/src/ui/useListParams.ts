// A list's page, order and filters stand in the address, so the way back leads through them.
import { useSearchParams } from 'react-router';
import { focusMain } from './focusMain';

export function useListParams() {
  const [params, setParams] = useSearchParams();

  const change = (changes: Record<string, string | undefined>) => {
    const next = new URLSearchParams(params);
    for (const [name, value] of Object.entries(changes)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    setParams(next);
  };

  return {
    /** What is asked for by a name; an empty text where nothing is. */
    read: (name: string): string => params.get(name) ?? '',
    page: Math.max(1, Math.floor(Number(params.get('page')) || 1)),
    /** Other filters or another order begin at the first page. */
    set: (changes: Record<string, string | undefined>) => change({ page: undefined, ...changes }),
    /** Another page is read from its beginning. */
    turn: (page: number) => {
      change({ page: page > 1 ? String(page) : undefined });
      window.scrollTo(0, 0);
      focusMain();
    },
  };
}

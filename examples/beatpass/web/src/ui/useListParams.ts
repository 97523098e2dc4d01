import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

/** Where one is in a list: page, order and filters stand in the address, so the back button works. */
export function useListParams() {
  const [params, setParams] = useSearchParams();

  const change = useCallback(
    (changes: Record<string, string>) =>
      setParams((now) => {
        const next = new URLSearchParams(now);
        // Another filter is another list: it begins at its first page.
        if (!('page' in changes)) next.delete('page');
        for (const [name, value] of Object.entries(changes)) {
          if (value) next.set(name, value);
          else next.delete(name);
        }
        return next;
      }),
    [setParams],
  );

  const goToPage = useCallback(
    (page: number) => {
      change({ page: page > 1 ? String(page) : '' });
      window.scrollTo(0, 0);
    },
    [change],
  );

  return { page: Number(params.get('page')) || 1, of: (name: string) => params.get(name) ?? '', change, goToPage };
}

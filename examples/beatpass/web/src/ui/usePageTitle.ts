import { useEffect } from 'react';

/** The window's title: what the page is, then whose. */
export function usePageTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · BeatPass` : 'BeatPass';
  }, [title]);
}

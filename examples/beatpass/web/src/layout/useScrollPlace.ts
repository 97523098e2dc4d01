import { useEffect, useRef } from 'react';
import { useLocation, useNavigationType } from 'react-router';
import { focusMain } from '../ui/focusMain';

/** Where each page of the history was scrolled to. */
const places = new Map<string, number>();
/** How long a page that one comes back to may take to be as long as it was, in milliseconds. */
const PATIENCE = 1500;

/** A new page is read from its beginning, by eyes and by screen readers; on the way back, from where one was. */
export function useScrollPlace(): void {
  const { key, pathname, hash } = useLocation();
  const isBack = useNavigationType() === 'POP';
  const seen = useRef(pathname);

  // The browser would look for the place before the page is there; a page that is loaded anew is its own.
  useEffect(() => {
    const leave = () => (history.scrollRestoration = 'auto');
    history.scrollRestoration = 'manual';
    window.addEventListener('pagehide', leave);
    return () => window.removeEventListener('pagehide', leave);
  }, []);

  useEffect(() => {
    const keep = () => places.set(key, window.scrollY);
    window.addEventListener('scroll', keep, { passive: true });
    return () => window.removeEventListener('scroll', keep);
  }, [key]);

  useEffect(() => {
    const isNew = seen.current !== pathname;
    seen.current = pathname;
    if (isNew) focusMain();
    // Within a page the browser knows where to go.
    if (hash) return undefined;
    const place = isBack ? places.get(key) : undefined;
    if (place !== undefined) return goBackTo(place);
    if (isNew) window.scrollTo(0, 0);
    return undefined;
  }, [key, pathname, hash, isBack]);
}

/** Goes to a place as soon as the page is long enough for it, but not against whoever scrolls meanwhile. */
function goBackTo(place: number): () => void {
  const until = performance.now() + PATIENCE;
  let frame = 0;
  const stop = () => cancelAnimationFrame(frame);
  function look() {
    window.scrollTo(0, place);
    if (Math.abs(window.scrollY - place) > 1 && performance.now() < until) frame = requestAnimationFrame(look);
  }
  look();
  for (const act of ['wheel', 'touchstart', 'keydown']) window.addEventListener(act, stop, { once: true, passive: true });
  return stop;
}

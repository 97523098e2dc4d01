import { useEffect, useRef, useState, type RefObject } from 'react';

/** How wide an element is, now and whenever that changes. */
export function useWidth<T extends Element>(atFirst = 320): [RefObject<T | null>, number] {
  const element = useRef<T>(null);
  const [width, setWidth] = useState(atFirst);

  useEffect(() => {
    const watched = element.current;
    if (!watched) return;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.round(entry.contentRect.width)));
    observer.observe(watched);
    return () => observer.disconnect();
  }, []);

  return [element, width];
}

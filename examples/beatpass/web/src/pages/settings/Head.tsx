import type { ReactNode } from 'react';
import { usePageTitle } from '../../ui/usePageTitle';

/** A section's name, and in a sentence what it is for. */
export function Head({ title, children }: { title: string; children?: ReactNode }) {
  usePageTitle(title);
  return (
    <header>
      <h1>{title}</h1>
      {children && <p className="muted">{children}</p>}
    </header>
  );
}

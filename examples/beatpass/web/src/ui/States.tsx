// What stands where a list or a page would: it is on its way, it is empty, it did not come.
import type { ReactNode } from 'react';
import { ApiError } from '../api/client';
import { Button } from './Button';
import css from './States.module.css';

/** Grey shapes in place of what comes. */
export function Loading({ lines = 3, label = 'Loading' }: { lines?: number; label?: string }) {
  return (
    <div className={css.loading} role="status">
      <span className="visually-hidden">{label}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className={css.bone} aria-hidden="true" />
      ))}
    </div>
  );
}

/** Grey cards in place of a grid of covers. */
export function LoadingGrid({ cards = 8 }: { cards?: number }) {
  return (
    <div className="grid" role="status">
      <span className="visually-hidden">Loading</span>
      {Array.from({ length: cards }, (_, card) => (
        <span key={card} className={css.cover} aria-hidden="true" />
      ))}
    </div>
  );
}

export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className={css.empty}>
      <div className={css.bars} aria-hidden="true">
        <i />
        <i />
        <i />
        <i />
      </div>
      <h2>{title}</h2>
      {children && <p className="muted">{children}</p>}
      {action}
    </div>
  );
}

export function Failed({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const isMissing = error instanceof ApiError && error.status === 404;
  const said = error instanceof Error ? error.message : 'Something went wrong.';
  return (
    <div className={css.empty} role="alert">
      <h2>{isMissing ? 'There is nothing here' : 'That did not work'}</h2>
      <p className="muted">{isMissing ? 'What you are looking for was removed, or never was.' : said}</p>
      {onRetry && !isMissing && (
        <Button kind="plain" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

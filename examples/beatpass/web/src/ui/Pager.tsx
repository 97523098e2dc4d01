import type { Page } from '../api/types';
import { count } from '../format';
import { Button } from './Button';

/** Turns the pages of a list; says nothing where there is one page. */
export function Pager({ meta, onPage }: { meta: Page<unknown>['meta']; onPage: (page: number) => void }) {
  if (meta.last_page <= 1) return null;
  return (
    <nav className="row between" aria-label="Pages">
      <Button kind="plain" size="small" disabled={meta.current_page <= 1} onClick={() => onPage(meta.current_page - 1)}>
        Previous
      </Button>
      <span className="small muted">
        Page {count(meta.current_page)} of {count(meta.last_page)}
      </span>
      <Button
        kind="plain"
        size="small"
        disabled={meta.current_page >= meta.last_page}
        onClick={() => onPage(meta.current_page + 1)}
      >
        Next
      </Button>
    </nav>
  );
}

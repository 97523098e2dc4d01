import css from './Said.module.css';

/** What came of something, said by screen readers too; it takes no room until there is something to say. */
export function Said({ children }: { children?: string | false }) {
  return (
    <div role="status" className={css.said}>
      {children && <p className="notice good">{children}</p>}
    </div>
  );
}

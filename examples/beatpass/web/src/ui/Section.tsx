import { useId, type ReactNode } from 'react';
import { Link } from 'react-router';
import css from './Section.module.css';
import { Arrow } from './icons';

interface Props {
  title: string;
  /** Where there is more of it, and what that is called. */
  more?: { to: string; label: string };
  children: ReactNode;
}

/** A part of a page under a heading of its own. */
export function Section({ title, more, children }: Props) {
  const id = useId();
  return (
    <section className={css.section} aria-labelledby={id}>
      <div className={css.head}>
        <h2 id={id}>{title}</h2>
        {more && (
          <Link to={more.to} className={css.more}>
            {more.label}
            <Arrow size={16} />
          </Link>
        )}
      </div>
      {children}
    </section>
  );
}

import type { ReactNode } from 'react';
import { NavLink } from 'react-router';
import css from './SubNav.module.css';

interface Props {
  label: string;
  places: { to: string; name: string }[];
  /** What one does most here, at the end of the row. */
  children?: ReactNode;
}

/** The pages of a part of the product, above each of them. */
export function SubNav({ label, places, children }: Props) {
  return (
    <div className={css.bar}>
      <nav aria-label={label} className={css.nav}>
        <ul className="plain">
          {places.map((place, first) => (
            <li key={place.to}>
              <NavLink to={place.to} end={first === 0}>
                {place.name}
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
      {children}
    </div>
  );
}

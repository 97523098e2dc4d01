import type { MouseEvent, ReactNode } from 'react';
import { Link } from 'react-router';
import css from './Button.module.css';
import { Download } from './icons';

type Kind = 'main' | 'plain' | 'quiet' | 'danger';

interface Look {
  kind?: Kind;
  size?: 'normal' | 'small' | 'large';
  children: ReactNode;
}

const look = (kind: Kind = 'main', size = 'normal') => `${css.button} ${css[kind]} ${css[size] ?? ''}`;

interface Props extends Look {
  type?: 'button' | 'submit';
  onClick?: () => void;
  isBusy?: boolean;
  disabled?: boolean;
  label?: string;
  isPressed?: boolean;
}

/**
 * While it is busy it stays in reach of the keyboard and does nothing. What sends a form takes a double
 * click as one: the second comes before the page knows that it is busy.
 */
export function Button({ kind, size, type = 'button', onClick, isBusy, disabled, label, isPressed, children }: Props) {
  function click(event: MouseEvent) {
    if (isBusy || (type === 'submit' && event.detail > 1)) event.preventDefault();
    else onClick?.();
  }

  return (
    <button
      type={type}
      className={look(kind, size)}
      onClick={click}
      disabled={disabled}
      aria-busy={isBusy || undefined}
      aria-disabled={isBusy || undefined}
      aria-label={label}
      aria-pressed={isPressed}
    >
      {children}
      {isBusy && <span className={css.spinner} aria-hidden="true" />}
    </button>
  );
}

/** Looks like a button and goes somewhere. */
export function ButtonLink({ to, kind, size, children }: Look & { to: string }) {
  return (
    <Link to={to} className={look(kind, size)}>
      {children}
    </Link>
  );
}

/** A file of somebody's own: what the server sends is kept, not shown. */
export function DownloadLink({ href, title, kind, size }: Omit<Look, 'children'> & { href: string; title: string }) {
  return (
    <a href={href} className={look(kind, size)} aria-label={`Download ${title}`} download>
      <Download size={18} /> Download
    </a>
  );
}

interface IconProps {
  label: string;
  type?: 'button' | 'submit';
  onClick?: () => void;
  children: ReactNode;
  isPressed?: boolean;
  disabled?: boolean;
}

/** A round button with a picture; its label is what a screen reader says. */
export function IconButton({ label, type = 'button', onClick, children, isPressed, disabled }: IconProps) {
  return (
    <button
      type={type}
      className={css.icon}
      aria-label={label}
      title={label}
      aria-pressed={isPressed}
      disabled={disabled}
      onClick={onClick}
    >
      {children}
    </button>
  );
}

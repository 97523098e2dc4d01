import { useEffect, useRef, type ReactNode } from 'react';
import { ButtonLink } from '../../ui/Button';
import { Mail } from '../../ui/icons';
import css from './Sent.module.css';

/** A mail is on its way: what follows happens there. */
export function Sent({ children }: { children: ReactNode }) {
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), []);
  return (
    <div className={`page narrow ${css.sent}`}>
      <span className={css.picture} aria-hidden="true">
        <Mail size={32} />
      </span>
      <h1 ref={head} tabIndex={-1} className={css.head}>
        Look for our mail
      </h1>
      <p className="muted">{children}</p>
      <p className="small muted">Nothing there? Look among the spam, too.</p>
      <ButtonLink to="/sign-in" kind="plain">
        Back to sign in
      </ButtonLink>
    </div>
  );
}

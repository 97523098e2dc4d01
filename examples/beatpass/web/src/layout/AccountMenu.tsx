import { useEffect, useRef, useState, type FocusEvent } from 'react';
import { Link, useLocation } from 'react-router';
import { asRefusal } from '../api/client';
import type { User } from '../api/types';
import { useSession } from '../session/Session';
import { useToast } from '../ui/Toast';
import css from './AccountMenu.module.css';

/** A button that opens a list of links: no menu of its own, so the Tab key does what it always does. */
export function AccountMenu({ user }: { user: User }) {
  const [isOpen, setOpen] = useState(false);
  const { signOut } = useSession();
  const { pathname } = useLocation();
  const tell = useToast();
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => setOpen(false), [pathname]);

  async function leave() {
    await signOut().catch((error: unknown) => tell(asRefusal(error).message, 'bad'));
  }

  function left(event: FocusEvent<HTMLDivElement>) {
    if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
  }

  return (
    <div
      className={css.account}
      onBlur={left}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && isOpen) {
          setOpen(false);
          button.current?.focus();
        }
      }}
    >
      <button
        ref={button}
        type="button"
        className={css.button}
        aria-expanded={isOpen}
        aria-controls="account-links"
        onClick={() => setOpen(!isOpen)}
      >
        <span className={css.face} aria-hidden="true">
          {[...user.name][0]?.toUpperCase()}
        </span>
        <span className="visually-hidden">Account of {user.name}</span>
      </button>
      <div id="account-links" className={css.list} hidden={!isOpen}>
        <p className={css.who}>
          <strong>{user.name}</strong>
          <span className="small muted">{user.email}</span>
        </p>
        <ul className="plain">
          <li>
            <Link to={`/producers/${user.id}`}>My page</Link>
          </li>
          <li>
            <Link to="/settings">Settings</Link>
          </li>
          {user.role === 'admin' && (
            <li>
              <Link to="/backstage">Backstage</Link>
            </li>
          )}
          <li>
            <button type="button" onClick={() => void leave()}>
              Sign out
            </button>
          </li>
        </ul>
      </div>
    </div>
  );
}

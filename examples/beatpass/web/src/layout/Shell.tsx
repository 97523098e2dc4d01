// What stands around every page: the way past it, the header, the player, the foot.
import { useEffect, useState, type FormEvent } from 'react';
import { Link, NavLink, Outlet, useLocation, useNavigate, useSearchParams } from 'react-router';
import { useQuery } from '@tanstack/react-query';
import { get } from '../api/client';
import { PlayerBar } from '../player/PlayerBar';
import { useSession } from '../session/Session';
import { ButtonLink, IconButton } from '../ui/Button';
import { Close, Menu, Search } from '../ui/icons';
import { AccountMenu } from './AccountMenu';
import css from './Shell.module.css';
import { useScrollPlace } from './useScrollPlace';

const PLACES = [
  { to: '/explore', name: 'Explore' },
  { to: '/producers', name: 'Producers' },
  { to: '/requests', name: 'Requests' },
];

const OWN_PLACES = [
  { to: '/library', name: 'Library' },
  { to: '/inbox', name: 'Inbox' },
  { to: '/studio', name: 'Studio' },
];

export function Shell() {
  useScrollPlace();
  return (
    <div className={css.shell}>
      <a href="#main" className={css.skip}>
        Skip to content
      </a>
      <Header />
      <main id="main" tabIndex={-1} className={css.main}>
        <Outlet />
      </main>
      <footer className={css.foot}>
        <p>BeatPass is an example of a product on Adyton.</p>
      </footer>
      <PlayerBar />
    </div>
  );
}

function Header() {
  const { user, isKnown } = useSession();
  const { pathname } = useLocation();
  const [isOpen, setOpen] = useState(false);
  const unread = useUnread(user !== null);

  useEffect(() => setOpen(false), [pathname]);

  return (
    <header className={css.header}>
      <div className={css.bar}>
        <Link to="/" className={css.brand} aria-label="BeatPass, home">
          <img src="/favicon.svg" alt="" width={32} height={32} />
          <span>BeatPass</span>
        </Link>
        <SearchBox />
        <nav className={`${css.nav} ${isOpen ? css.open : ''}`} id="places" aria-label="Main">
          <ul className="plain">
            {[...PLACES, ...(user ? OWN_PLACES : [])].map((place) => (
              <li key={place.to}>
                <NavLink to={place.to}>
                  {place.name}
                  {place.to === '/inbox' && unread > 0 && (
                    <span className={css.unread}>
                      {unread}
                      <span className="visually-hidden"> unread</span>
                    </span>
                  )}
                </NavLink>
              </li>
            ))}
          </ul>
        </nav>
        <div className={css.account}>
          {user && <AccountMenu user={user} />}
          {!user && isKnown && (
            <>
              <ButtonLink to="/sign-in" kind="quiet" size="small">
                Sign in
              </ButtonLink>
              <ButtonLink to="/sign-up" size="small">
                Sign up
              </ButtonLink>
            </>
          )}
          <div className={css.burger}>
            <button
              type="button"
              className={css.burgerButton}
              aria-expanded={isOpen}
              aria-controls="places"
              aria-label="Menu"
              onClick={() => setOpen(!isOpen)}
            >
              {isOpen ? <Close /> : <Menu />}
            </button>
          </div>
        </div>
      </div>
    </header>
  );
}

function SearchBox() {
  const go = useNavigate();
  const [params] = useSearchParams();
  const { pathname } = useLocation();
  const searched = pathname === '/find' ? (params.get('q') ?? '') : '';
  const [text, setText] = useState(searched);

  useEffect(() => setText(searched), [searched]);

  function search(event: FormEvent) {
    event.preventDefault();
    if (text.trim()) go(`/find?q=${encodeURIComponent(text.trim())}`);
  }

  return (
    <form role="search" className={css.search} onSubmit={search}>
      <input
        type="search"
        aria-label="Search beats and producers"
        placeholder="Search beats and producers"
        value={text}
        maxLength={100}
        onChange={(event) => setText(event.target.value)}
      />
      <IconButton label="Search" type="submit">
        <Search />
      </IconButton>
    </form>
  );
}

function useUnread(isMember: boolean): number {
  const { data } = useQuery({
    queryKey: ['messaging', 'unread'],
    queryFn: () => get<{ unread: number }>('/messaging/unread'),
    enabled: isMember,
    refetchInterval: 30_000,
  });
  return data?.unread ?? 0;
}

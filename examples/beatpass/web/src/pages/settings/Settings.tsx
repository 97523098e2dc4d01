// The account's own pages: a list of them, and beside it, where there is room, the one that is open.
import { NavLink, Outlet, Route, Routes, Link } from 'react-router';
import { usePageTitle } from '../../ui/usePageTitle';
import Missing from '../Missing';
import { Activity } from './Activity';
import { DeleteAccount } from './DeleteAccount';
import { LinkedAccounts } from './LinkedAccounts';
import { Passkeys } from './Passkeys';
import { Password } from './Password';
import { Profile } from './Profile';
import { SECTIONS } from './sections';
import { Sessions } from './Sessions';
import css from './Settings.module.css';
import { TwoFactor } from './two-factor/TwoFactor';

export default function Settings() {
  return (
    <Routes>
      <Route index element={<AllSettings />} />
      <Route element={<Frame />}>
        <Route path="profile" element={<Profile />} />
        <Route path="password" element={<Password />} />
        <Route path="two-factor" element={<TwoFactor />} />
        <Route path="passkeys" element={<Passkeys />} />
        <Route path="linked" element={<LinkedAccounts />} />
        <Route path="sessions" element={<Sessions />} />
        <Route path="activity" element={<Activity />} />
        <Route path="delete" element={<DeleteAccount />} />
      </Route>
      <Route path="*" element={<Missing />} />
    </Routes>
  );
}

function AllSettings() {
  usePageTitle('Settings');
  return (
    <div className="page stack">
      <h1>Settings</h1>
      <ul className={css.cards}>
        {SECTIONS.map(({ to, name, about, Icon }) => (
          <li key={to} className={css.card}>
            <span className={css.picture} aria-hidden="true">
              <Icon />
            </span>
            <Link to={to}>{name}</Link>
            <p className="small muted">{about}</p>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Frame() {
  return (
    <div className={`page ${css.frame}`}>
      <Link to="/settings" className={css.back}>
        All settings
      </Link>
      <nav aria-label="Settings" className={css.nav}>
        <ul className="plain">
          {SECTIONS.map(({ to, name, Icon }) => (
            <li key={to}>
              <NavLink to={`/settings/${to}`}>
                <Icon /> {name}
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
      <div className={css.section}>
        <Outlet />
      </div>
    </div>
  );
}

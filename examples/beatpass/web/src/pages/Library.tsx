import { Link, useSearchParams } from 'react-router';
import { usePageTitle } from '../ui/usePageTitle';
import { Following } from './library/Following';
import css from './library/Library.module.css';
import { Purchases } from './library/Purchases';

export default function Library() {
  const [params] = useSearchParams();
  const isFollowing = params.get('view') === 'following';
  usePageTitle(isFollowing ? 'Following' : 'Library');
  return (
    <div className="page stack">
      <h1>Your library</h1>
      <nav aria-label="Library">
        <ul className={`plain ${css.places}`}>
          <li>
            <Link to="/library" aria-current={isFollowing ? undefined : 'page'}>
              Purchases
            </Link>
          </li>
          <li>
            <Link to="/library?view=following" aria-current={isFollowing ? 'page' : undefined}>
              Following
            </Link>
          </li>
        </ul>
      </nav>
      {isFollowing ? <Following /> : <Purchases />}
    </div>
  );
}

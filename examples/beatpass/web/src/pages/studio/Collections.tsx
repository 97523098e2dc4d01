import { Link } from 'react-router';
import type { Album } from '../../api/types';
import { amount, plural } from '../../format';
import { ButtonLink } from '../../ui/Button';
import { Cover } from '../../ui/Cover';
import { Plus } from '../../ui/icons';
import { Empty, Failed, LoadingGrid } from '../../ui/States';
import { usePageTitle } from '../../ui/usePageTitle';
import css from './Collections.module.css';
import { useMyAlbums } from './useMyAlbums';

export function Collections() {
  usePageTitle('Collections');
  const { data, error, refetch } = useMyAlbums();
  return (
    <div className="stack">
      <div className="row between">
        <div className="stack tight">
          <h1>Collections</h1>
          <p className="muted">Beats that belong together, under one cover.</p>
        </div>
        {data && data.length > 0 && (
          <ButtonLink to="/studio/collections/new" kind="plain">
            <Plus size={18} />
            New collection
          </ButtonLink>
        )}
      </div>
      {!data && error && <Failed error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingGrid cards={4} />}
      {data?.length === 0 && (
        <Empty title="No collections yet" action={<ButtonLink to="/studio/collections/new">New collection</ButtonLink>}>
          Put beats of one mood or one month side by side, and people find them together.
        </Empty>
      )}
      {data && data.length > 0 && (
        <ul className="plain grid">
          {data.map((album) => (
            <AlbumCard key={album.id} album={album} />
          ))}
        </ul>
      )}
    </div>
  );
}

const AlbumCard = ({ album }: { album: Album }) => (
  <li className={css.card}>
    <Cover url={album.cover_url} seed={album.id} className={css.cover} />
    <h2 className={css.title}>
      <Link to={`/studio/collections/${album.id}`}>{album.title}</Link>
    </h2>
    <p className="small muted">
      {album.tracks_count > 0
        ? `${plural(album.tracks_count, 'beat')} · ${amount(album.price_cents)}`
        : 'Nothing of it is published yet'}
    </p>
  </li>
);

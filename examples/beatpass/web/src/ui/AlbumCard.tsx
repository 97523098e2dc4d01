import { Link } from 'react-router';
import type { Album } from '../api/types';
import { plural, price } from '../format';
import { Cover } from './Cover';
import css from './TrackCard.module.css';

/** A collection in a grid. */
export function AlbumCard({ album }: { album: Album }) {
  return (
    <article className={css.card}>
      <Link to={`/collections/${album.id}`} className={css.picture} tabIndex={-1} aria-hidden="true">
        <Cover url={album.cover_url} seed={album.id + 5} className={css.cover} />
      </Link>
      <div className={css.words}>
        <h3 className={css.title}>
          <Link to={`/collections/${album.id}`}>{album.title}</Link>
        </h3>
        <p className={css.artist}>
          <Link to={`/producers/${album.artist.id}`}>{album.artist.name}</Link>
        </p>
        <p className={css.facts}>
          <span className={css.price}>{price(album.price_cents)}</span>
          <span>{plural(album.tracks_count, 'beat')}</span>
        </p>
      </div>
    </article>
  );
}

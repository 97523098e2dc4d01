import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Artist } from '../api/types';
import { plural } from '../format';
import css from './ArtistCard.module.css';
import { Face } from './Face';

type Short = Pick<Artist, 'id' | 'name' | 'followers' | 'tracks_count'>;

/** A producer in a grid: the whole card leads to their page. */
export function ArtistCard({ artist, action }: { artist: Short; action?: ReactNode }) {
  return (
    <article className={css.card}>
      <Face name={artist.name} seed={artist.id} />
      <div className={css.words}>
        <h3 className={css.name}>
          <Link to={`/producers/${artist.id}`}>{artist.name}</Link>
        </h3>
        <p className="small muted">
          {plural(artist.tracks_count, 'beat')} · {plural(artist.followers, 'follower')}
        </p>
      </div>
      {action && <div className={css.action}>{action}</div>}
    </article>
  );
}

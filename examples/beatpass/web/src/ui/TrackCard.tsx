import { Link } from 'react-router';
import type { Track } from '../api/types';
import { price } from '../format';
import { Cover } from './Cover';
import { PlayButton } from './PlayButton';
import css from './TrackCard.module.css';

/** A beat in a grid. Its list is what plays after it. */
export function TrackCard({ track, list }: { track: Track; list?: Track[] }) {
  return (
    <article className={css.card}>
      <div className={css.picture}>
        <Link to={`/beats/${track.id}`} tabIndex={-1} aria-hidden="true">
          <Cover url={track.cover_url} seed={track.id} className={css.cover} />
        </Link>
        <span className={css.play}>
          <PlayButton track={track} list={list} />
        </span>
      </div>
      <div className={css.words}>
        <h3 className={css.title}>
          <Link to={`/beats/${track.id}`}>{track.title}</Link>
        </h3>
        <p className={css.artist}>
          <Link to={`/producers/${track.artist.id}`}>{track.artist.name}</Link>
        </p>
        <p className={css.facts}>
          <span className={css.price}>{price(track.price_cents)}</span>
          <span>{[track.genre, track.bpm && `${track.bpm} BPM`].filter(Boolean).join(' · ')}</span>
        </p>
      </div>
    </article>
  );
}

/** Beats in a grid, each playing on into the next. */
export function TrackGrid({ tracks }: { tracks: Track[] }) {
  return (
    <ul className="plain grid">
      {tracks.map((track) => (
        <li key={track.id}>
          <TrackCard track={track} list={tracks} />
        </li>
      ))}
    </ul>
  );
}

import { Link } from 'react-router';
import type { Track } from '../api/types';
import { duration, price } from '../format';
import { Cover } from './Cover';
import { PlayButton } from './PlayButton';
import css from './TrackRow.module.css';

/** A beat in a list of rows. */
function TrackRow({ track, list }: { track: Track; list: Track[] }) {
  const facts = [track.genre, track.bpm && `${track.bpm} BPM`, track.key].filter(Boolean).join(' · ');
  return (
    <li className={css.row}>
      <Link to={`/beats/${track.id}`} tabIndex={-1} aria-hidden="true" className={css.picture}>
        <Cover url={track.cover_url} seed={track.id} />
      </Link>
      <div className={css.words}>
        <Link to={`/beats/${track.id}`} className={css.title}>
          {track.title}
        </Link>
        <Link to={`/producers/${track.artist.id}`} className={css.artist}>
          {track.artist.name}
        </Link>
      </div>
      <span className={css.facts}>{facts}</span>
      <span className={css.length}>{track.duration_seconds !== null && duration(track.duration_seconds)}</span>
      <span className={css.price}>{price(track.price_cents)}</span>
      <span className={css.play}>
        <PlayButton track={track} list={list} size="small" />
      </span>
    </li>
  );
}

/** Beats below one another; `isOrdered` where their order means something. */
export function TrackRows({ tracks, isOrdered = false }: { tracks: Track[]; isOrdered?: boolean }) {
  const rows = tracks.map((track) => <TrackRow key={track.id} track={track} list={tracks} />);
  return isOrdered ? <ol className={`plain ${css.rows}`}>{rows}</ol> : <ul className={`plain ${css.rows}`}>{rows}</ul>;
}

import { Link } from 'react-router';
import type { Track } from '../api/types';
import { price } from '../format';
import { usePlayer } from '../player/Player';
import { Cover } from './Cover';
import css from './TrackCard.module.css';
import { Pause, Play } from './icons';

/** A beat in a grid. Its list is what plays after it. */
export function TrackCard({ track, list }: { track: Track; list?: Track[] }) {
  const player = usePlayer();
  const isPlaying = player.isPlaying && player.track?.id === track.id;
  return (
    <article className={css.card}>
      <div className={css.picture}>
        <Cover url={track.cover_url} seed={track.id} className={css.cover} />
        {track.audio_url && (
          <button
            type="button"
            className={css.play}
            aria-label={`${isPlaying ? 'Pause' : 'Play'} ${track.title}`}
            onClick={() => player.toggle(track, list)}
          >
            {isPlaying ? <Pause /> : <Play />}
          </button>
        )}
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

import { Link } from 'react-router';
import { duration } from '../format';
import { IconButton } from '../ui/Button';
import { Cover } from '../ui/Cover';
import { Close, Next, Pause, Play, Previous, Volume } from '../ui/icons';
import css from './PlayerBar.module.css';
import { usePlayer } from './Player';

/** At the bottom of every page, as long as there is something in it. */
export function PlayerBar() {
  const player = usePlayer();
  const { track } = player;
  if (!track) return null;
  return (
    <section className={css.bar} aria-label="Player">
      <div className={css.what}>
        <Cover url={track.cover_url} seed={track.id} className={css.cover} />
        <div className={css.names}>
          <Link to={`/beats/${track.id}`} className={css.title}>
            {track.title}
          </Link>
          <Link to={`/producers/${track.artist.id}`} className={css.artist}>
            {track.artist.name}
          </Link>
        </div>
      </div>
      <div className={css.controls}>
        <IconButton label="Previous beat" disabled={!player.hasPrevious} onClick={() => player.step(-1)}>
          <Previous />
        </IconButton>
        <button
          type="button"
          className={css.play}
          aria-label={player.isPlaying ? 'Pause' : 'Play'}
          onClick={() => player.toggle(track)}
        >
          {player.isPlaying ? <Pause /> : <Play />}
        </button>
        <IconButton label="Next beat" disabled={!player.hasNext} onClick={() => player.step(1)}>
          <Next />
        </IconButton>
      </div>
      <div className={css.time}>
        <span className="small number">{duration(player.position)}</span>
        <input
          type="range"
          aria-label="Position"
          aria-valuetext={`${duration(player.position)} of ${duration(player.length)}`}
          min={0}
          max={Math.max(player.length, 0.1)}
          step={0.1}
          value={Math.min(player.position, player.length)}
          onChange={(event) => player.seek(Number(event.target.value))}
        />
        <span className="small number">{duration(player.length)}</span>
      </div>
      <div className={css.volume}>
        <Volume size={18} />
        <input
          type="range"
          aria-label="Volume"
          min={0}
          max={1}
          step={0.05}
          value={player.volume}
          onChange={(event) => player.setVolume(Number(event.target.value))}
        />
      </div>
      <div className={css.close}>
        <IconButton label="Close player" onClick={player.close}>
          <Close size={18} />
        </IconButton>
      </div>
    </section>
  );
}

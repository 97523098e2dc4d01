import { useRef } from 'react';
import { Link } from 'react-router';
import { duration } from '../format';
import { IconButton } from '../ui/Button';
import { Cover } from '../ui/Cover';
import { Close, Muted, Next, Pause, Play, Previous, Volume } from '../ui/icons';
import css from './PlayerBar.module.css';
import { usePlayer, usePosition } from './Player';
import { Slider } from './Slider';

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
        <span className={css.previous}>
          <IconButton label="Previous beat" disabled={!player.hasPrevious} onClick={() => player.step(-1)}>
            <Previous />
          </IconButton>
        </span>
        <button
          type="button"
          className={`${css.play} ${player.isWaiting ? css.waiting : ''}`}
          aria-label={player.isPlaying ? 'Pause' : 'Play'}
          aria-busy={player.isWaiting || undefined}
          onClick={() => player.toggle(track)}
        >
          {player.isPlaying ? <Pause /> : <Play />}
        </button>
        <IconButton label="Next beat" disabled={!player.hasNext} onClick={() => player.step(1)}>
          <Next />
        </IconButton>
      </div>
      <Time />
      <Loudness />
      <div className={css.close}>
        <IconButton label="Close player" onClick={player.close}>
          <Close size={18} />
        </IconButton>
      </div>
    </section>
  );
}

function Time() {
  const { seek } = usePlayer();
  const { position, length } = usePosition();
  return (
    <div className={css.time}>
      <span className="small number">{duration(position)}</span>
      <Slider
        label="Position"
        says={`${duration(position)} of ${duration(length)}`}
        value={Math.min(position, length)}
        max={Math.max(length, 0.1)}
        step={0.1}
        onChange={seek}
      />
      <span className="small number">{duration(length)}</span>
    </div>
  );
}

function Loudness() {
  const { volume, setVolume } = usePlayer();
  const before = useRef(0.8);

  function mute() {
    if (volume > 0) before.current = volume;
    setVolume(volume > 0 ? 0 : before.current);
  }

  return (
    <div className={css.volume}>
      <IconButton label="Mute" isPressed={volume === 0} onClick={mute}>
        {volume === 0 ? <Muted size={18} /> : <Volume size={18} />}
      </IconButton>
      <Slider
        label="Volume"
        says={`${Math.round(volume * 100)} percent`}
        value={volume}
        max={1}
        step={0.05}
        onChange={setVolume}
      />
    </div>
  );
}

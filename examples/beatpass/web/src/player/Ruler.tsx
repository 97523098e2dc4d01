import type { Track } from '../api/types';
import { duration } from '../format';
import css from './Ruler.module.css';
import { usePlayer, usePosition } from './Player';

/** How far a beat has been played, as a ruler along which one can move. */
export function Ruler({ track, list }: { track: Track; list?: Track[] }) {
  const player = usePlayer();
  const { position, length } = usePosition();
  const isCurrent = player.track?.id === track.id;
  const long = (isCurrent && length) || track.duration_seconds || 0;
  const at = isCurrent ? Math.min(position, long) : 0;

  function move(seconds: number) {
    if (!isCurrent) player.toggle(track, list);
    player.seek(seconds);
  }

  return (
    <div className={css.ruler}>
      <div className={css.scale}>
        <div className={css.played} style={{ clipPath: `inset(0 ${long ? 100 - (at / long) * 100 : 100}% 0 0)` }} />
        <input
          type="range"
          aria-label={`Position in ${track.title}`}
          aria-valuetext={`${duration(at)} of ${duration(long)}`}
          min={0}
          max={Math.max(long, 0.1)}
          step={0.1}
          value={at}
          onChange={(event) => move(Number(event.target.value))}
        />
      </div>
      <div className={css.times}>
        <span className="small number">{duration(at)}</span>
        <span className="small number">{duration(long)}</span>
      </div>
    </div>
  );
}

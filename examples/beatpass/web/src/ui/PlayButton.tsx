import type { Track } from '../api/types';
import { usePlayer } from '../player/Player';
import css from './PlayButton.module.css';
import { Pause, Play } from './icons';

interface Props {
  track: Track;
  list?: Track[];
  size?: 'small' | 'normal' | 'large';
}

/** Plays a beat, or pauses it; nothing where there is nothing to hear. */
export function PlayButton({ track, list, size = 'normal' }: Props) {
  const player = usePlayer();
  const isPlaying = player.isPlaying && player.track?.id === track.id;
  if (!track.audio_url) return null;
  return (
    <button
      type="button"
      className={`${css.play} ${css[size] ?? ''}`}
      aria-label={`${isPlaying ? 'Pause' : 'Play'} ${track.title}`}
      onClick={() => player.toggle(track, list)}
    >
      {isPlaying ? <Pause /> : <Play />}
    </button>
  );
}

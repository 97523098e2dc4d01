// One player for all pages: what plays goes on while people look around.
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { asset, plainPost } from '../api/client';
import type { Track } from '../api/types';
import { useToast } from '../ui/Toast';
import { useMediaKeys } from './useMediaKeys';
import { rememberedVolume, rememberVolume } from './volume';

export interface Player {
  track: Track | null;
  isPlaying: boolean;
  /** It was asked to play, and its sound is on its way. */
  isWaiting: boolean;
  volume: number;
  hasNext: boolean;
  hasPrevious: boolean;
  /** Plays a track, and after it what follows in the list; pauses it when it plays already. */
  toggle: (track: Track, list?: Track[]) => void;
  step: (by: 1 | -1) => void;
  seek: (seconds: number) => void;
  setVolume: (volume: number) => void;
  close: () => void;
}

interface Position {
  position: number;
  length: number;
}

const Context = createContext<Player | null>(null);
// Apart from the player, so that what does not show the time is not drawn anew four times a second.
const PositionContext = createContext<Position>({ position: 0, length: 0 });

/** Seconds after which it was listened to. */
const HEARD = 3;

export function PlayerProvider({ children }: { children: ReactNode }) {
  const tell = useToast();
  const audio = useRef<HTMLAudioElement>(null);
  const counted = useRef<number | null>(null);
  const [queue, setQueue] = useState<Track[]>([]);
  const [track, setTrack] = useState<Track | null>(null);
  const [isPlaying, setPlaying] = useState(false);
  const [isWaiting, setWaiting] = useState(false);
  const [position, setPosition] = useState(0);
  const [length, setLength] = useState(0);
  const [volume, setLoudness] = useState(rememberedVolume);

  const start = useCallback(
    (wanted: Track) => {
      const element = audio.current;
      if (!element || !wanted.audio_url) return;
      setTrack(wanted);
      setPosition(0);
      setLength(wanted.duration_seconds ?? 0);
      counted.current = null;
      element.src = asset(wanted.audio_url);
      element.play().catch((error: unknown) => {
        // Another track was asked for before this one began.
        if (error instanceof DOMException && error.name === 'AbortError') return;
        setPlaying(false);
        setWaiting(false);
        tell(`“${wanted.title}” cannot be played now.`, 'bad');
      });
    },
    [tell],
  );

  const toggle = useCallback(
    (wanted: Track, list?: Track[]) => {
      if (list) setQueue(list.filter((one) => one.audio_url));
      if (track?.id !== wanted.id) return start(wanted);
      if (audio.current?.paused) audio.current.play().catch(() => start(wanted));
      else audio.current?.pause();
    },
    [start, track],
  );

  const place = queue.findIndex((one) => one.id === track?.id);
  const step = useCallback(
    (by: 1 | -1) => {
      const wanted = queue[place + by];
      if (wanted) start(wanted);
    },
    [place, queue, start],
  );

  function moved(seconds: number) {
    setPosition(seconds);
    if (track && seconds >= HEARD && counted.current !== track.id) {
      counted.current = track.id;
      // Nobody's listening depends on whether it was counted.
      void plainPost(`/tracks/${track.id}/plays`, {}).catch(() => {});
    }
  }

  useEffect(() => {
    document.documentElement.style.setProperty('--player', track ? '5.25rem' : '0px');
  }, [track]);

  useEffect(() => {
    if (audio.current) audio.current.volume = volume;
    rememberVolume(volume);
  }, [volume]);

  const player = useMemo<Player>(
    () => ({
      track,
      isPlaying,
      isWaiting,
      volume,
      hasNext: place >= 0 && place < queue.length - 1,
      hasPrevious: place > 0,
      toggle,
      step,
      seek: (seconds) => {
        setPosition(seconds);
        if (audio.current) audio.current.currentTime = seconds;
      },
      setVolume: setLoudness,
      close: () => {
        audio.current?.pause();
        setTrack(null);
      },
    }),
    [track, isPlaying, isWaiting, volume, place, queue, toggle, step],
  );

  useMediaKeys(player);

  return (
    <Context value={player}>
      <PositionContext value={useMemo(() => ({ position, length }), [position, length])}>{children}</PositionContext>
      <audio
        ref={audio}
        preload="none"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onWaiting={() => setWaiting(true)}
        onPlaying={() => setWaiting(false)}
        onTimeUpdate={(event) => moved(event.currentTarget.currentTime)}
        onLoadedMetadata={(event) => setLength(event.currentTarget.duration)}
        onEnded={() => step(1)}
      />
    </Context>
  );
}

export function usePlayer(): Player {
  const player = useContext(Context);
  if (!player) throw new Error('usePlayer needs PlayerProvider around it');
  return player;
}

/** Where the player is in its track; changes as it plays. */
export const usePosition = (): Position => useContext(PositionContext);

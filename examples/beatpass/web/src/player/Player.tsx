// One player for all pages: what plays goes on while people look around.
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { asset, plainPost } from '../api/client';
import type { Track } from '../api/types';
import { useToast } from '../ui/Toast';

interface Player {
  track: Track | null;
  isPlaying: boolean;
  position: number;
  length: number;
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

const Context = createContext<Player | null>(null);

/** Seconds after which it was listened to. */
const HEARD = 3;

export function PlayerProvider({ children }: { children: ReactNode }) {
  const tell = useToast();
  const audio = useRef<HTMLAudioElement>(null);
  const counted = useRef<number | null>(null);
  const [queue, setQueue] = useState<Track[]>([]);
  const [track, setTrack] = useState<Track | null>(null);
  const [isPlaying, setPlaying] = useState(false);
  const [position, setPosition] = useState(0);
  const [length, setLength] = useState(0);
  const [volume, setLoudness] = useState(0.8);

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
        tell(`“${wanted.title}” cannot be played now.`, 'bad');
      });
    },
    [tell],
  );

  const toggle = useCallback(
    (wanted: Track, list?: Track[]) => {
      if (list) setQueue(list.filter((one) => one.audio_url));
      if (track?.id !== wanted.id) return start(wanted);
      if (audio.current?.paused) void audio.current.play();
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

  const player = useMemo<Player>(
    () => ({
      track,
      isPlaying,
      position,
      length,
      volume,
      hasNext: place >= 0 && place < queue.length - 1,
      hasPrevious: place > 0,
      toggle,
      step,
      seek: (seconds) => {
        if (audio.current) audio.current.currentTime = seconds;
      },
      setVolume: (wanted) => {
        setLoudness(wanted);
        if (audio.current) audio.current.volume = wanted;
      },
      close: () => {
        audio.current?.pause();
        setTrack(null);
      },
    }),
    [track, isPlaying, position, length, volume, place, queue, toggle, step],
  );

  return (
    <Context value={player}>
      {children}
      <audio
        ref={audio}
        preload="none"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
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

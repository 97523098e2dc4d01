import { useCallback, useEffect, useMemo, useRef, useState, type RefObject, type SyntheticEvent } from 'react';
import { asset, plainPost } from '../api/client';
import type { Track } from '../api/types';
import { useToast } from '../ui/Toast';
import { useQueue } from './useQueue';
import { rememberedVolume, rememberVolume } from './volume';

/** Seconds after which it was listened to. */
const HEARD = 3;

export type Player = ReturnType<typeof usePlayback>['player'];
type AudioEvent = SyntheticEvent<HTMLAudioElement>;

/** Plays the queue on an `<audio>`: what pages may do with it, where it is, and what the element tells. */
export function usePlayback(audio: RefObject<HTMLAudioElement | null>) {
  const tell = useToast();
  const { track, setTrack, fill, next, previous } = useQueue();
  const counted = useRef<number | null>(null);
  const [isPlaying, setPlaying] = useState(false);
  // It was asked to play, and its sound is on its way.
  const [isWaiting, setWaiting] = useState(false);
  const [position, setPosition] = useState(0);
  const [length, setLength] = useState(0);
  const [volume, setVolume] = useState(rememberedVolume);

  useEffect(() => {
    if (audio.current) audio.current.volume = volume;
    rememberVolume(volume);
  }, [audio, volume]);

  const failed = useCallback(
    (wanted: Track) => {
      setPlaying(false);
      setWaiting(false);
      tell(`“${wanted.title}” cannot be played now.`, 'bad');
    },
    [tell],
  );

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
        // What is wrong with the sound itself is said by the element.
        if (!element.error) failed(wanted);
      });
    },
    [audio, setTrack, failed],
  );

  /** Plays a track, and after it what follows in the list; pauses it when it plays already. */
  const toggle = useCallback(
    (wanted: Track, list?: Track[]) => {
      if (list) fill(list);
      if (track?.id !== wanted.id) return start(wanted);
      if (audio.current?.paused) audio.current.play().catch(() => start(wanted));
      else audio.current?.pause();
    },
    [audio, fill, start, track],
  );

  const player = useMemo(
    () => ({
      track,
      isPlaying,
      isWaiting,
      volume,
      hasNext: next !== undefined,
      hasPrevious: previous !== undefined,
      toggle,
      step: (by: 1 | -1) => {
        const wanted = by > 0 ? next : previous;
        if (wanted) start(wanted);
      },
      seek: (seconds: number) => {
        setPosition(seconds);
        if (audio.current) audio.current.currentTime = seconds;
      },
      setVolume,
      close: () => {
        audio.current?.pause();
        setTrack(null);
      },
    }),
    [audio, track, isPlaying, isWaiting, volume, next, previous, toggle, start, setTrack],
  );

  function moved(seconds: number) {
    setPosition(seconds);
    if (track && seconds >= HEARD && counted.current !== track.id) {
      counted.current = track.id;
      // Nobody's listening depends on whether it was counted.
      void plainPost(`/tracks/${track.id}/plays`, {}).catch(() => {});
    }
  }

  /** How long it is as the element sees it, which may not know it yet, or ever. */
  function measured(seconds: number) {
    if (Number.isFinite(seconds)) setLength(seconds);
  }

  const events = {
    onPlay: () => setPlaying(true),
    onPause: () => setPlaying(false),
    onWaiting: () => setWaiting(true),
    onPlaying: () => setWaiting(false),
    onTimeUpdate: (event: AudioEvent) => moved(event.currentTarget.currentTime),
    onLoadedMetadata: (event: AudioEvent) => measured(event.currentTarget.duration),
    onDurationChange: (event: AudioEvent) => measured(event.currentTarget.duration),
    onError: () => track && failed(track),
    onEnded: () => player.step(1),
  };

  return { player, position, length, events };
}

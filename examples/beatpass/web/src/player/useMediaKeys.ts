import { useEffect } from 'react';
import { asset } from '../api/client';
import type { Player } from './usePlayback';

/** The keys of keyboards and headsets, and what a phone's lock screen shows. */
export function useMediaKeys({ track, isPlaying, hasNext, hasPrevious, toggle, step }: Player): void {
  useEffect(() => {
    if (!('mediaSession' in navigator)) return;
    const session = navigator.mediaSession;
    session.metadata = track
      ? new MediaMetadata({
          title: track.title,
          artist: track.artist.name,
          artwork: track.cover_url ? [{ src: new URL(asset(track.cover_url), location.href).href }] : [],
        })
      : null;
    session.playbackState = track ? (isPlaying ? 'playing' : 'paused') : 'none';
    session.setActionHandler('play', track && (() => toggle(track)));
    session.setActionHandler('pause', track && (() => toggle(track)));
    session.setActionHandler('nexttrack', hasNext ? () => step(1) : null);
    session.setActionHandler('previoustrack', hasPrevious ? () => step(-1) : null);
  }, [track, isPlaying, hasNext, hasPrevious, toggle, step]);
}

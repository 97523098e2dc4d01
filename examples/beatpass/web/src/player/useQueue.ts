import { useCallback, useState } from 'react';
import type { Track } from '../api/types';

/** What plays, and what stands before and after it in the list that it came from. */
export function useQueue() {
  const [queue, setQueue] = useState<Track[]>([]);
  const [track, setTrack] = useState<Track | null>(null);
  const place = queue.findIndex((one) => one.id === track?.id);
  const fill = useCallback((list: Track[]) => setQueue(list.filter((one) => one.audio_url)), []);
  const next = place < 0 ? undefined : queue[place + 1];
  return { track, setTrack, fill, next, previous: queue[place - 1] };
}

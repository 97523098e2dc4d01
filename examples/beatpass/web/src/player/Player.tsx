// One player for all pages: what plays goes on while people look around.
import { createContext, useContext, useEffect, useMemo, useRef, type ReactNode } from 'react';
import { useMediaKeys } from './useMediaKeys';
import { usePlayback, type Player } from './usePlayback';

interface Position {
  position: number;
  length: number;
}

const Context = createContext<Player | null>(null);
// Apart from the player, so that what does not show the time is not drawn anew four times a second.
const PositionContext = createContext<Position>({ position: 0, length: 0 });

export function PlayerProvider({ children }: { children: ReactNode }) {
  const audio = useRef<HTMLAudioElement>(null);
  const { player, position, length, events } = usePlayback(audio);
  const where = useMemo(() => ({ position, length }), [position, length]);
  const isOpen = player.track !== null;
  useMediaKeys(player);

  useEffect(() => {
    document.documentElement.style.setProperty('--player', isOpen ? '5.25rem' : '0px');
  }, [isOpen]);

  return (
    <Context value={player}>
      <PositionContext value={where}>{children}</PositionContext>
      <audio ref={audio} preload="none" {...events} />
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

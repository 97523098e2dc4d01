import { useEffect, useRef, type ReactNode } from 'react';
import { asset, sentence } from '../../api/client';
import type { Track } from '../../api/types';
import { Button, ButtonLink, DownloadLink } from '../../ui/Button';
import { Cover } from '../../ui/Cover';
import css from './Checkout.module.css';

/** It is bought: the file, and where it will be found again. */
export function Done({ track }: { track: Track }) {
  return (
    <Outcome track={track} title={`${track.title} is yours`} text="It stays in your library, to download whenever you like.">
      {track.download_url && <DownloadLink href={asset(track.download_url)} title={track.title} />}
      <ButtonLink to="/library" kind="plain">
        Go to your library
      </ButtonLink>
    </Outcome>
  );
}

interface WaitingProps {
  track: Track;
  isBusy: boolean;
  /** Why it could not be asked. */
  error: Error | null;
  onAsk: () => void;
  /** Begins again with a card, where one can be taken: nobody is charged twice for it. */
  onAgain?: () => void;
}

/** The bank takes its time: asked again now and then, and by a button. */
export function Waiting({ track, isBusy, error, onAsk, onAgain }: WaitingProps) {
  const ask = useRef(onAsk);
  useEffect(() => {
    ask.current = onAsk;
  });
  useEffect(() => {
    const timer = setInterval(() => ask.current(), 5000);
    return () => clearInterval(timer);
  }, []);
  return (
    <Outcome
      track={track}
      title="Your payment is on its way"
      text="Your bank has not said yes yet. This page asks every few seconds; you may also leave it and look into your library later. If your bank’s question was closed, enter a card again: you are never charged twice."
      problem={error ? sentence(error) : undefined}
    >
      <Button onClick={onAsk} isBusy={isBusy}>
        Ask now
      </Button>
      {onAgain && (
        <Button kind="plain" onClick={onAgain}>
          Enter a card again
        </Button>
      )}
    </Outcome>
  );
}

interface OutcomeProps {
  track: Track;
  title: string;
  text: string;
  problem?: string;
  children: ReactNode;
}

function Outcome({ track, title, text, problem, children }: OutcomeProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div className={css.outcome}>
      <Cover url={track.cover_url} seed={track.id} className={css.picture} />
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      <p className="muted">{text}</p>
      {problem && (
        <p className="notice bad" role="alert">
          {problem}
        </p>
      )}
      <div className={`row ${css.ways}`}>{children}</div>
    </div>
  );
}

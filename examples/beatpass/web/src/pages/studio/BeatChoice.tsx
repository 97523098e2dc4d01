import { useId } from 'react';
import { sentence } from '../../api/client';
import type { Track } from '../../api/types';
import { plural, price } from '../../format';
import { Cover } from '../../ui/Cover';
import { Loading } from '../../ui/States';
import css from './Collections.module.css';

interface Props {
  beats: Track[] | undefined;
  problem: unknown;
  /** The collection that is changed. */
  own: number | undefined;
  chosen: number[];
  onChange: (chosen: number[]) => void;
  error?: string;
}

/** One's own beats, to check those that belong to a collection. */
export function BeatChoice({ beats, problem, own, chosen, onChange, error }: Props) {
  const id = useId();
  const toggle = (beat: number) =>
    onChange(chosen.includes(beat) ? chosen.filter((one) => one !== beat) : [...chosen, beat]);
  return (
    <fieldset className={css.beats} aria-describedby={error && id}>
      <legend>Beats</legend>
      {problem !== null && !beats && <p className="notice bad">{sentence(problem)}</p>}
      {problem === null && !beats && <Loading lines={3} label="Loading your beats" />}
      {beats?.length === 0 && <p className="muted">You have none yet. Upload one, and add it then.</p>}
      {beats && beats.length > 0 && (
        <ul className={`plain ${css.list}`}>
          {beats.map((beat) => (
            <li key={beat.id}>
              <label className={css.beat}>
                <input type="checkbox" checked={chosen.includes(beat.id)} onChange={() => toggle(beat.id)} />
                <Cover url={beat.cover_url} seed={beat.id} className={css.small} />
                <span className={css.words}>
                  <span>{beat.title}</span>
                  <span className="small muted">{about(beat, own)}</span>
                </span>
              </label>
            </li>
          ))}
        </ul>
      )}
      {error && (
        <p id={id} className="notice bad" role="alert" tabIndex={-1} data-refused>
          {error}
        </p>
      )}
      {beats && beats.length > 0 && <p className={`small muted ${css.chosen}`}>{plural(chosen.length, 'beat')} chosen</p>}
    </fieldset>
  );
}

function about(beat: Track, own: number | undefined): string {
  const elsewhere = beat.album && beat.album.id !== own ? `now in “${beat.album.title}”` : '';
  const hidden = beat.is_published === false ? 'not published' : '';
  return [price(beat.price_cents), hidden, elsewhere].filter(Boolean).join(' · ');
}

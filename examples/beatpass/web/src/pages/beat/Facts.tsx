import { Link } from 'react-router';
import type { Track } from '../../api/types';
import { count, date, duration } from '../../format';
import css from './Beat.module.css';

/** What is known of a beat; what is not known is left out. */
export function Facts({ track }: { track: Track }) {
  return (
    <>
      <dl className={css.facts}>
        {track.genre && (
          <div>
            <dt>Genre</dt>
            <dd>
              <Link to={`/explore?genre=${encodeURIComponent(track.genre)}`}>{track.genre}</Link>
            </dd>
          </div>
        )}
        {track.mood && (
          <div>
            <dt>Mood</dt>
            <dd>
              <Link to={`/explore?mood=${encodeURIComponent(track.mood)}`}>{track.mood}</Link>
            </dd>
          </div>
        )}
        <Fact name="Tempo" value={track.bpm && `${track.bpm} BPM`} />
        <Fact name="Key" value={track.key} />
        <Fact name="Length" value={track.duration_seconds !== null && duration(track.duration_seconds)} />
        <Fact name="Plays" value={count(track.plays)} />
        <Fact name="Added" value={date(track.created_at)} />
      </dl>
      {track.tags.length > 0 && (
        <ul className={`plain row ${css.tags}`} aria-label="Tags">
          {track.tags.map((tag) => (
            <li key={tag}>
              <Link to={`/find?q=${encodeURIComponent(tag)}`} className="tag">
                {tag}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Fact({ name, value }: { name: string; value: string | number | null | false }) {
  if (!value) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

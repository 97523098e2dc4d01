import { useQuery } from '@tanstack/react-query';
import type { CSSProperties } from 'react';
import { Link } from 'react-router';
import { genres } from '../../api/catalogue';
import { plural } from '../../format';
import { Section } from '../../ui/Section';
import { Loading } from '../../ui/States';
import css from './Home.module.css';

const MOST = 12;

/** As many beside one another as leave no row half empty, where there is such a number. */
function columns(genres: number): CSSProperties & Record<'--columns', number> {
  const shown = Math.min(genres, MOST);
  return { '--columns': [6, 5, 4].find((number) => shown % number === 0) ?? 4 };
}

/** What there is, by genre; nothing where there is none, or where that cannot be told. */
export function Genres() {
  const { data, isPending } = useQuery(genres());
  if (!isPending && !data?.data.length) return null;
  return (
    <Section title="By genre">
      {data ? (
        <ul className={`plain ${css.genres}`} style={columns(data.data.length)}>
          {data.data.slice(0, MOST).map((genre, place) => (
            <li key={genre.name}>
              <Link
                to={`/explore?genre=${encodeURIComponent(genre.name)}`}
                className={css.genre}
                style={{ background: `hsl(${(258 + place * 47) % 360} 42% 32%)` }}
              >
                <strong>{genre.name}</strong>
                <span className="small">{plural(genre.tracks_count, 'beat')}</span>
              </Link>
            </li>
          ))}
        </ul>
      ) : (
        <Loading lines={3} />
      )}
    </Section>
  );
}

import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { found } from '../api/catalogue';
import type { Found } from '../api/types';
import { plural } from '../format';
import { AlbumCard } from '../ui/AlbumCard';
import { ArtistCard } from '../ui/ArtistCard';
import { ButtonLink } from '../ui/Button';
import { Section } from '../ui/Section';
import { Empty, Failed, LoadingGrid } from '../ui/States';
import { TrackGrid } from '../ui/TrackCard';
import { usePageTitle } from '../ui/usePageTitle';
import css from './home/Home.module.css';

export default function Search() {
  const [params] = useSearchParams();
  const q = (params.get('q') ?? '').trim();
  usePageTitle(q ? `“${q}”` : 'Search');
  const { data, error, refetch } = useQuery(found(q));
  return (
    <div className="page stack wide">
      <div className="stack tight">
        <h1>{q ? `Results for “${q}”` : 'Search'}</h1>
        <p className="muted" role="status">
          {data && (data.total === 0 ? 'Nothing found' : plural(data.total, 'result'))}
        </p>
      </div>
      {!q && <Empty title="What are you looking for?">Type a title, a mood, a tag or a name into the search above.</Empty>}
      {error && <Failed error={error} onRetry={() => void refetch()} />}
      {q && !data && !error && <LoadingGrid />}
      {data && <Results found={data} q={q} />}
    </div>
  );
}

function Results({ found: { tracks, artists, albums, total }, q }: { found: Found; q: string }) {
  if (total === 0) {
    return (
      <Empty title={`Nothing is called “${q}”`} action={<ButtonLink to="/explore">Explore all beats</ButtonLink>}>
        Try fewer words, or look through what there is.
      </Empty>
    );
  }
  return (
    <>
      {tracks.length > 0 && (
        <Section title="Beats">
          <TrackGrid tracks={tracks} />
        </Section>
      )}
      {artists.length > 0 && (
        <Section title="Producers">
          <ul className={`plain ${css.people}`}>
            {artists.map((artist) => (
              <li key={artist.id}>
                <ArtistCard artist={artist} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      {albums.length > 0 && (
        <Section title="Collections">
          <ul className="plain grid">
            {albums.map((album) => (
              <li key={album.id}>
                <AlbumCard album={album} />
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

import { useQuery } from '@tanstack/react-query';
import { artists, tracks } from '../api/catalogue';
import { useSession } from '../session/Session';
import { ArtistCard } from '../ui/ArtistCard';
import { Section } from '../ui/Section';
import { Empty, Failed, Loading, LoadingGrid } from '../ui/States';
import { TrackGrid } from '../ui/TrackCard';
import { TrackRows } from '../ui/TrackRow';
import { usePageTitle } from '../ui/usePageTitle';
import { Followed } from './home/Followed';
import { Genres } from './home/Genres';
import css from './home/Home.module.css';
import { Hero } from './home/Hero';

export default function Home() {
  usePageTitle(undefined);
  const { user } = useSession();
  return (
    <>
      <Hero />
      <div className={`page stack wide ${css.parts}`}>
        {user && <Followed />}
        <Section title="New beats" more={{ to: '/explore', label: 'All beats' }}>
          <Newest />
        </Section>
        <Genres />
        <Section title="Most played" more={{ to: '/explore?sort=-plays', label: 'More of them' }}>
          <MostPlayed />
        </Section>
        <Section title="Producers to follow" more={{ to: '/producers', label: 'All producers' }}>
          <ToFollow />
        </Section>
      </div>
    </>
  );
}

function Newest() {
  const { data, error, refetch } = useQuery(tracks({ sort: '-created_at', per_page: 10 }));
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!data) return <LoadingGrid cards={10} />;
  if (data.data.length === 0) return <Empty title="No beats yet">The first one that a producer uploads stands here.</Empty>;
  return <TrackGrid tracks={data.data} />;
}

function MostPlayed() {
  const { data, error, refetch } = useQuery(tracks({ sort: '-plays', per_page: 6 }));
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading lines={6} />;
  if (data.data.length === 0) return <p className="muted">Nothing was played yet.</p>;
  return <TrackRows tracks={data.data} isOrdered />;
}

function ToFollow() {
  const { data, error, refetch } = useQuery(artists({ sort: '-followers', per_page: 6 }));
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading lines={2} />;
  return (
    <ul className={`plain ${css.people}`}>
      {data.data.map((artist) => (
        <li key={artist.id}>
          <ArtistCard artist={artist} />
        </li>
      ))}
    </ul>
  );
}

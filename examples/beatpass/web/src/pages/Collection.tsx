import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { album as albumQuery } from '../api/catalogue';
import type { Album } from '../api/types';
import { date, duration, plural, price } from '../format';
import { usePlayer } from '../player/Player';
import { useSession } from '../session/Session';
import { Button, ButtonLink } from '../ui/Button';
import { Cover } from '../ui/Cover';
import { Section } from '../ui/Section';
import { Empty, Failed, Loading } from '../ui/States';
import { TrackRows } from '../ui/TrackRow';
import { Pause, Pencil, Play } from '../ui/icons';
import { usePageTitle } from '../ui/usePageTitle';
import css from './beat/Beat.module.css';

export default function Collection() {
  const { id = '' } = useParams();
  const { data: album, error, refetch } = useQuery(albumQuery(id));
  usePageTitle(album?.title ?? 'Collection');
  if (!album) {
    return (
      <div className="page">
        <h1 className="visually-hidden">Collection</h1>
        {error ? <Failed error={error} onRetry={() => void refetch()} /> : <Loading lines={6} />}
      </div>
    );
  }
  const tracks = album.tracks ?? [];
  return (
    <div className="page stack wide">
      <div className={css.top}>
        <Cover url={album.cover_url} seed={album.id + 5} className={css.cover} />
        <Words album={album} />
      </div>
      <Section title="Beats in it">
        {tracks.length > 0 ? (
          <TrackRows tracks={tracks} isOrdered />
        ) : (
          <Empty title="Nothing in it yet">{album.artist.name} has not put a beat into this collection.</Empty>
        )}
      </Section>
    </div>
  );
}

function Words({ album }: { album: Album }) {
  const { user } = useSession();
  const player = usePlayer();
  const tracks = (album.tracks ?? []).filter((track) => track.audio_url);
  const current = tracks.find((track) => track.id === player.track?.id);
  const isPlaying = player.isPlaying && current !== undefined;
  const [first] = tracks;
  const seconds = tracks.reduce((sum, track) => sum + (track.duration_seconds ?? 0), 0);
  return (
    <div className={css.words}>
      <div className="stack tight">
        <p className="muted">Collection</p>
        <h1>{album.title}</h1>
        <p>
          by <Link to={`/producers/${album.artist.id}`}>{album.artist.name}</Link>
        </p>
      </div>
      <p className="muted">
        {plural(album.tracks_count, 'beat')}
        {seconds > 0 && ` · ${duration(seconds)}`} · {date(album.created_at)}
      </p>
      {album.description && <p className={css.description}>{album.description}</p>}
      {album.tracks_count > 0 && (
        <p>
          <strong>{price(album.price_cents)}</strong>{' '}
          <span className="muted">for all of them, each bought on its own</span>
        </p>
      )}
      <div className="row">
        {first && (
          <Button onClick={() => player.toggle(current ?? first, tracks)}>
            {isPlaying ? <Pause size={18} /> : <Play size={18} />} {isPlaying ? 'Pause' : 'Play all'}
          </Button>
        )}
        {user?.id === album.artist.id && (
          <ButtonLink to={`/studio/collections/${album.id}`} kind="plain">
            <Pencil size={18} /> Edit
          </ButtonLink>
        )}
      </div>
    </div>
  );
}

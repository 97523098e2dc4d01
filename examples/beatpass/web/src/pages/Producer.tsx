import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import { artist as artistQuery } from '../api/catalogue';
import type { Artist } from '../api/types';
import { count, date, plural } from '../format';
import { useSession } from '../session/Session';
import { AlbumCard } from '../ui/AlbumCard';
import { Button, ButtonLink } from '../ui/Button';
import { Face } from '../ui/Face';
import { FollowButton } from '../ui/FollowButton';
import { Section } from '../ui/Section';
import { Empty, Failed, Loading } from '../ui/States';
import { TrackGrid } from '../ui/TrackCard';
import { Mail, Pencil } from '../ui/icons';
import { usePageTitle } from '../ui/usePageTitle';
import { BioDialog } from './producer/BioDialog';
import css from './producer/Producer.module.css';

export default function Producer() {
  const { id = '' } = useParams();
  const { user } = useSession();
  const { data: artist, error, refetch } = useQuery(artistQuery(id));
  usePageTitle(artist?.name ?? 'Producer');
  if (!artist) {
    return (
      <div className="page">
        <h1 className="visually-hidden">Producer</h1>
        {error ? <Failed error={error} onRetry={() => void refetch()} /> : <Loading lines={5} />}
      </div>
    );
  }
  const isMine = user?.id === artist.id;
  return (
    <div className="page stack wide">
      <Head artist={artist} isMine={isMine} />
      <Beats artist={artist} isMine={isMine} />
      {artist.albums && artist.albums.length > 0 && (
        <Section title="Collections">
          <ul className="plain grid">
            {artist.albums.map((album) => (
              <li key={album.id}>
                <AlbumCard album={album} />
              </li>
            ))}
          </ul>
        </Section>
      )}
    </div>
  );
}

function Head({ artist, isMine }: { artist: Artist; isMine: boolean }) {
  const { user } = useSession();
  const [isEditing, setEditing] = useState(false);
  const message = `/inbox?to=${artist.id}`;
  return (
    <div className={css.head}>
      <Face name={artist.name} seed={artist.id} size="large" />
      <div className={css.words}>
        <h1>{artist.name}</h1>
        <p className={css.numbers}>
          <span role="status">
            <strong>{count(artist.followers)}</strong> {artist.followers === 1 ? 'follower' : 'followers'}
          </span>
          <span>
            <strong>{count(artist.tracks_count)}</strong> {artist.tracks_count === 1 ? 'beat' : 'beats'}
          </span>
          <span>
            <strong>{count(artist.plays)}</strong> {artist.plays === 1 ? 'play' : 'plays'}
          </span>
          <span>Since {date(artist.joined_at)}</span>
        </p>
        {artist.bio && <p className={css.bio}>{artist.bio}</p>}
        {!artist.bio && isMine && <p className="muted">You have not written about yourself yet.</p>}
        <div className="row">
          {isMine ? (
            <>
              <Button kind="plain" onClick={() => setEditing(true)}>
                <Pencil size={18} /> Edit bio
              </Button>
              <ButtonLink to="/studio" kind="quiet">
                To the studio
              </ButtonLink>
              <BioDialog artist={artist} isOpen={isEditing} onClose={() => setEditing(false)} />
            </>
          ) : (
            <>
              <FollowButton artist={artist} isFollowed={artist.followed ?? false} />
              <ButtonLink to={user ? message : `/sign-in?next=${encodeURIComponent(message)}`} kind="plain">
                <Mail size={18} /> Message
              </ButtonLink>
            </>
          )}
        </div>
      </div>
    </div>
  );
}

function Beats({ artist, isMine }: { artist: Artist; isMine: boolean }) {
  const tracks = artist.tracks ?? [];
  const hasMore = artist.tracks_count > tracks.length;
  const more = hasMore ? { to: `/explore?artist=${artist.id}`, label: `All ${plural(artist.tracks_count, 'beat')}` } : undefined;
  return (
    <Section title="Beats" more={more}>
      {tracks.length > 0 ? (
        <TrackGrid tracks={tracks} />
      ) : (
        <Empty
          title="No beats yet"
          action={isMine ? <ButtonLink to="/studio/upload">Upload a beat</ButtonLink> : undefined}
        >
          {isMine ? 'What you publish stands here.' : `${artist.name} has not published anything.`}
        </Empty>
      )}
    </Section>
  );
}

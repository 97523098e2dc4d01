import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { track as trackQuery, tracks as tracksQuery } from '../api/catalogue';
import type { Track } from '../api/types';
import { Ruler } from '../player/Ruler';
import { Cover } from '../ui/Cover';
import { PlayButton } from '../ui/PlayButton';
import { Section } from '../ui/Section';
import { Failed, Loading } from '../ui/States';
import { TrackGrid } from '../ui/TrackCard';
import { usePageTitle } from '../ui/usePageTitle';
import css from './beat/Beat.module.css';
import { BuyBox } from './beat/BuyBox';
import { Facts } from './beat/Facts';

const MORE = 5;

export default function Beat() {
  const { id = '' } = useParams();
  const { data: track, error, refetch } = useQuery(trackQuery(id));
  usePageTitle(track ? `${track.title} by ${track.artist.name}` : 'Beat');
  if (!track) {
    return (
      <div className="page">
        <h1 className="visually-hidden">Beat</h1>
        {error ? <Failed error={error} onRetry={() => void refetch()} /> : <Loading lines={6} />}
      </div>
    );
  }
  return (
    <div className="page stack wide">
      <div className={css.top}>
        <Cover url={track.cover_url} seed={track.id} className={css.cover} />
        <Words track={track} />
      </div>
      <More track={track} />
    </div>
  );
}

function Words({ track }: { track: Track }) {
  return (
    <div className={css.words}>
      <div className="stack tight">
        {track.is_published === false && (
          <p>
            <span className="tag warm">Not published: only you see it</span>
          </p>
        )}
        <h1>{track.title}</h1>
        <p>
          by <Link to={`/producers/${track.artist.id}`}>{track.artist.name}</Link>
          {track.album && (
            <>
              , in <Link to={`/collections/${track.album.id}`}>{track.album.title}</Link>
            </>
          )}
        </p>
      </div>
      {track.audio_url ? (
        <div className={css.listen}>
          <PlayButton track={track} size="large" />
          <Ruler track={track} />
        </div>
      ) : (
        <p className="notice">There is nothing to hear yet: its sound has not been uploaded.</p>
      )}
      <BuyBox track={track} />
      <Facts track={track} />
      {track.description && (
        <div className="stack tight">
          <h2 className={css.small}>About this beat</h2>
          <p className={css.description}>{track.description}</p>
        </div>
      )}
    </div>
  );
}

/** What else its producer made; nothing where that is all. */
function More({ track }: { track: Track }) {
  const { data } = useQuery(
    tracksQuery({ 'filter[artist]': track.artist.id, sort: '-plays', per_page: MORE + 1 }),
  );
  const others = (data?.data ?? []).filter((one) => one.id !== track.id && one.artist.id === track.artist.id).slice(0, MORE);
  if (others.length === 0) return null;
  return (
    <Section title={`More by ${track.artist.name}`} more={{ to: `/producers/${track.artist.id}`, label: 'Their page' }}>
      <TrackGrid tracks={others} />
    </Section>
  );
}

import { Link } from 'react-router';
import type { Track } from '../../api/types';
import { compact, duration, price } from '../../format';
import { usePlayer } from '../../player/Player';
import { Button, ButtonLink, IconButton } from '../../ui/Button';
import { Cover } from '../../ui/Cover';
import rows from '../../ui/Rows.module.css';
import { Pause, Pencil, Play, Trash } from '../../ui/icons';
import css from './Beats.module.css';
import { usePublish } from './usePublish';

interface Props {
  track: Track;
  list: Track[];
  onDelete: () => void;
}

/** A beat as its producer sees it. */
export function BeatRow({ track, list, onDelete }: Props) {
  const publish = usePublish();
  const isPublished = track.is_published !== false;
  const facts = [track.genre, track.bpm && `${track.bpm} BPM`, track.duration_seconds && duration(track.duration_seconds)];
  return (
    <li className={rows.row}>
      <Picture track={track} list={list} />
      <div className={rows.words}>
        <p className={rows.title}>
          <Link to={isPublished ? `/beats/${track.id}` : `/studio/beats/${track.id}`}>{track.title}</Link>
          <span className={`tag ${isPublished ? 'good' : ''}`}>{isPublished ? 'Published' : 'Not published'}</span>
        </p>
        <p className={rows.sub}>{facts.filter(Boolean).join(' · ')}</p>
      </div>
      <dl className={`${rows.facts} ${css.facts}`}>
        <div>
          <dt>Price</dt>
          <dd>{price(track.price_cents)}</dd>
        </div>
        <div>
          <dt>Plays</dt>
          <dd>{compact(track.plays)}</dd>
        </div>
      </dl>
      <div className={`${rows.actions} ${css.actions}`}>
        <Button
          kind="plain"
          size="small"
          isBusy={publish.isPending}
          onClick={() => publish.mutate({ track, isPublished: !isPublished })}
          label={`${isPublished ? 'Unpublish' : 'Publish'} ${track.title}`}
        >
          {isPublished ? 'Unpublish' : 'Publish'}
        </Button>
        <ButtonLink to={`/studio/beats/${track.id}`} kind="plain" size="small">
          <Pencil size={16} />
          Edit<span className="visually-hidden"> {track.title}</span>
        </ButtonLink>
        <IconButton label={`Delete ${track.title}`} onClick={onDelete}>
          <Trash size={18} />
        </IconButton>
      </div>
    </li>
  );
}

function Picture({ track, list }: { track: Track; list: Track[] }) {
  const player = usePlayer();
  const isPlaying = player.isPlaying && player.track?.id === track.id;
  return (
    <div className={css.picture}>
      <Cover url={track.cover_url} seed={track.id} />
      {track.audio_url && (
        <button
          type="button"
          className={css.play}
          aria-label={`${isPlaying ? 'Pause' : 'Play'} ${track.title}`}
          onClick={() => player.toggle(track, list)}
        >
          {isPlaying ? <Pause size={18} /> : <Play size={18} />}
        </button>
      )}
    </div>
  );
}

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { get, put } from '../../api/client';
import type { Track } from '../../api/types';
import { usePlayer } from '../../player/Player';
import { Button, ButtonLink } from '../../ui/Button';
import { Cover } from '../../ui/Cover';
import { Failed, Loading } from '../../ui/States';
import { usePageTitle } from '../../ui/usePageTitle';
import css from './BeatFiles.module.css';
import { BeatForm } from './BeatForm';
import { bodyOf, formOf, valuesOf } from './beat';
import { DeleteBeat } from './DeleteBeat';

export function EditBeat() {
  const { id } = useParams();
  const { data, error, refetch } = useQuery({
    queryKey: ['me', 'track', id],
    queryFn: () => get<Track>(`/tracks/${id}`),
    // What is being typed is not replaced by what comes meanwhile, and what comes first is new.
    gcTime: 0,
  });
  usePageTitle(data ? `Edit ${data.title}` : 'Edit a beat');
  if (data?.is_mine === false) return <Strange />;
  if (data) return <Edit key={data.id} track={data} />;
  return (
    <div className="stack">
      <h1>Edit a beat</h1>
      {error ? <Failed error={error} onRetry={() => void refetch()} /> : <Loading lines={6} label="Loading your beat" />}
    </div>
  );
}

const Strange = () => (
  <div className="stack">
    <h1>This is not your beat</h1>
    <p className="muted">Only whoever made it can change it.</p>
    <div>
      <ButtonLink to="/studio/beats">My beats</ButtonLink>
    </div>
  </div>
);

function Edit({ track }: { track: Track }) {
  const go = useNavigate();
  const [isDeleting, setDeleting] = useState(false);
  const address = `/tracks/${track.id}`;
  return (
    <>
      <BeatForm
        title={`Edit “${track.title}”`}
        action="Save"
        initial={valuesOf(track)}
        send={(values, files, sending) =>
          files.audio || files.cover
            ? sending.send<Track>('PUT', address, formOf(values, files))
            : sending.run(() => put<Track>(address, bodyOf(values)))
        }
        news={(saved) => `“${saved.title}” is saved.`}
        above={<Now track={track} />}
        foot={
          <Button kind="danger" onClick={() => setDeleting(true)}>
            Delete beat
          </Button>
        }
      />
      <DeleteBeat
        track={isDeleting ? track : null}
        onClose={() => setDeleting(false)}
        onDeleted={() => go('/studio/beats')}
      />
    </>
  );
}

/** The files that it has now. */
function Now({ track }: { track: Track }) {
  const player = usePlayer();
  const isPlaying = player.isPlaying && player.track?.id === track.id;
  return (
    <div className="stack">
      <Cover url={track.cover_url} seed={track.id} className={css.now} />
      {track.audio_url ? (
        <div>
          <Button kind="plain" size="small" onClick={() => player.toggle(track)}>
            {isPlaying ? 'Pause' : 'Listen'}
          </Button>
        </div>
      ) : (
        <p className="small muted">It has no audio yet, so nobody can listen to it.</p>
      )}
    </div>
  );
}

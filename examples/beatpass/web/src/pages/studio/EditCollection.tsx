import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { del, get, sentence } from '../../api/client';
import type { Album } from '../../api/types';
import { useSession } from '../../session/Session';
import { Ask } from '../../ui/Ask';
import { Button, ButtonLink } from '../../ui/Button';
import { Failed, Loading } from '../../ui/States';
import { useToast } from '../../ui/Toast';
import { usePageTitle } from '../../ui/usePageTitle';
import { CollectionForm } from './CollectionForm';
import { useBeatsChanged } from './usePublish';

export function EditCollection() {
  const { id } = useParams();
  const { user } = useSession();
  const { data, error, refetch } = useQuery({
    queryKey: ['me', 'album', id],
    queryFn: () => get<Album>(`/albums/${id}`),
    gcTime: 0,
  });
  usePageTitle(data ? `Edit ${data.title}` : 'Edit a collection');
  if (data && data.artist.id === user?.id) return <Edit key={data.id} album={data} />;
  return (
    <div className="stack">
      <h1>{data ? 'This is not your collection' : 'Edit a collection'}</h1>
      {data && (
        <div>
          <ButtonLink to="/studio/collections">My collections</ButtonLink>
        </div>
      )}
      {!data && error && <Failed error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading lines={6} label="Loading your collection" />}
    </div>
  );
}

function Edit({ album }: { album: Album }) {
  const go = useNavigate();
  const tell = useToast();
  const changed = useBeatsChanged();
  const [isAsked, setAsked] = useState(false);
  const remove = useMutation({
    mutationFn: () => del(`/albums/${album.id}`),
    onSuccess: () => {
      tell(`“${album.title}” is deleted.`);
      void changed();
    },
  });
  return (
    <>
      <CollectionForm
        title={`Edit “${album.title}”`}
        album={album}
        foot={
          <Button kind="danger" onClick={() => setAsked(true)}>
            Delete collection
          </Button>
        }
      />
      <Ask
        title={`Delete “${album.title}”?`}
        isOpen={isAsked}
        onClose={() => setAsked(false)}
        action="Delete collection"
        isBusy={remove.isPending}
        error={remove.error ? sentence(remove.error) : undefined}
        onConfirm={() => remove.mutate(undefined, { onSuccess: () => void go('/studio/collections') })}
      >
        <p>Its beats stay as they are, each by itself.</p>
      </Ask>
    </>
  );
}

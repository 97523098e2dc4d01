import { useMutation } from '@tanstack/react-query';
import { ApiError, del, sentence } from '../../api/client';
import type { Track } from '../../api/types';
import { Ask } from '../../ui/Ask';
import { useToast } from '../../ui/Toast';
import { Button } from '../../ui/Button';
import { useBeatsChanged, usePublish } from './usePublish';

interface Props {
  track: Track | null;
  onClose: () => void;
  /** Where the beat's own page must be left before it asks for what is gone. */
  onDeleted?: () => void;
}

export function DeleteBeat({ track, onClose, onDeleted }: Props) {
  const tell = useToast();
  const changed = useBeatsChanged();
  const remove = useMutation({
    mutationFn: (wanted: Track) => del(`/tracks/${wanted.id}`),
    onSuccess: (_, wanted) => {
      tell(`“${wanted.title}” is deleted.`);
      void changed();
    },
  });
  // Only where the page is still there: else it was left for another.
  const gone = () => {
    onClose();
    onDeleted?.();
  };
  const hide = usePublish();
  const refused = remove.error;
  const isSold = refused instanceof ApiError && refused.field('track') !== undefined;
  const close = () => {
    remove.reset();
    onClose();
  };
  const said = refused instanceof ApiError ? (refused.field('track') ?? refused.message) : refused && sentence(refused);
  return (
    <Ask
      title={`Delete “${track?.title ?? ''}”?`}
      isOpen={track !== null}
      onClose={close}
      action="Delete beat"
      isBusy={remove.isPending}
      error={said ?? undefined}
      onConfirm={() => track && remove.mutate(track, { onSuccess: gone })}
    >
      <p>Its audio, cover and numbers go with it. This cannot be undone.</p>
      {isSold && track && track.is_published !== false && (
        <div>
          <Button
            kind="plain"
            size="small"
            isBusy={hide.isPending}
            onClick={() => hide.mutate({ track, isPublished: false }, { onSuccess: close })}
          >
            Unpublish instead
          </Button>
        </div>
      )}
    </Ask>
  );
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { artist as artistQuery } from '../../api/catalogue';
import { ApiError, put } from '../../api/client';
import type { Artist } from '../../api/types';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { TextArea } from '../../ui/Field';
import { useToast } from '../../ui/Toast';

interface Props {
  artist: Artist;
  isOpen: boolean;
  onClose: () => void;
}

/** What one writes about oneself. */
export function BioDialog({ artist, isOpen, onClose }: Props) {
  return (
    <Dialog title="About you" isOpen={isOpen} onClose={onClose}>
      <BioForm artist={artist} onClose={onClose} />
    </Dialog>
  );
}

function BioForm({ artist, onClose }: Omit<Props, 'isOpen'>) {
  const [bio, setBio] = useState(artist.bio ?? '');
  const queries = useQueryClient();
  const tell = useToast();
  const save = useMutation({
    mutationFn: () => put('/me/artist', { bio: bio.trim() }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: artistQuery(artist.id).queryKey });
      tell('Saved.');
      onClose();
    },
  });
  const refused = save.error;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!save.isPending) save.mutate();
  }

  return (
    <form className="stack" onSubmit={submit}>
      <TextArea
        label="Bio"
        hint="What you make, and for whom. Everybody can read it."
        value={bio}
        onChange={setBio}
        rows={6}
        error={refused ? (refused instanceof ApiError && refused.field('bio')) || refused.message : undefined}
      />
      <div className="row end">
        <Button kind="quiet" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" isBusy={save.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}

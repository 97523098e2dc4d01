import { useMutation, useQueryClient } from '@tanstack/react-query';
import { patch, sentence } from '../../api/client';
import type { Track } from '../../api/types';
import { useToast } from '../../ui/Toast';

/** What producers change shows wherever beats are shown: all that is known is asked for again, but for
    what is on the page that changed it, which is left now and may be gone. */
export function useBeatsChanged() {
  const queries = useQueryClient();
  const isLeft = (what: unknown) => what === 'track' || what === 'album';
  return () => queries.invalidateQueries({ predicate: ({ queryKey: [whose, what] }) => whose !== 'me' || !isLeft(what) });
}

/** Shows a beat to everybody, or to nobody but its producer. */
export function usePublish() {
  const tell = useToast();
  const changed = useBeatsChanged();
  return useMutation({
    mutationFn: ({ track, isPublished }: { track: Track; isPublished: boolean }) =>
      patch<Track>(`/tracks/${track.id}`, { is_published: isPublished }),
    onSuccess: async (_, { track, isPublished }) => {
      await changed();
      tell(isPublished ? `“${track.title}” is published.` : `“${track.title}” is yours alone again.`);
    },
    onError: (error) => tell(sentence(error), 'bad'),
  });
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { put, sentence } from '../../api/client';
import type { BeatRequest } from '../../api/types';
import { Ask } from '../../ui/Ask';
import { Button } from '../../ui/Button';
import { useToast } from '../../ui/Toast';

/** Whoever asked closes it when they have what they need, and opens it again. */
export function OwnRequest({ request }: { request: BeatRequest }) {
  const tell = useToast();
  const queries = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const isOpen = request.status === 'open';
  const turn = useMutation({
    mutationFn: () => put<BeatRequest>(`/beat-requests/${request.id}`, { status: isOpen ? 'closed' : 'open' }),
    onSuccess: async () => {
      setAsked(false);
      await queries.invalidateQueries({ queryKey: ['requests'] });
      tell(isOpen ? 'Your request is closed.' : 'Your request is open again.');
    },
    onError: (error) => {
      if (!isOpen) tell(sentence(error), 'bad');
    },
  });
  return (
    <>
      {isOpen ? (
        <Button kind="plain" onClick={() => setAsked(true)}>
          Close request
        </Button>
      ) : (
        <Button kind="plain" isBusy={turn.isPending} onClick={() => turn.mutate()}>
          Open it again
        </Button>
      )}
      <Ask
        title="Close this request?"
        isOpen={isAsked}
        onClose={() => setAsked(false)}
        action="Close request"
        isBusy={turn.isPending}
        error={turn.error ? sentence(turn.error) : undefined}
        onConfirm={() => turn.mutate()}
        isDangerous={false}
      >
        <p>Nobody can make another offer. The offers that came stay here.</p>
      </Ask>
    </>
  );
}

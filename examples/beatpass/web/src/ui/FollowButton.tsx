import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLocation, useNavigate } from 'react-router';
import { artist as artistQuery } from '../api/catalogue';
import { del, put } from '../api/client';
import type { Named } from '../api/types';
import { useSession } from '../session/Session';
import { Button } from './Button';
import { useToast } from './Toast';

interface Props {
  artist: Named;
  isFollowed: boolean;
  size?: 'normal' | 'small';
  /** Told when it is done, for lists that it leaves. */
  onDone?: () => void;
}

/** Follows a producer, or no longer; strangers sign in first. */
export function FollowButton({ artist, isFollowed, size, onDone }: Props) {
  const { user } = useSession();
  const { pathname, search } = useLocation();
  const go = useNavigate();
  const tell = useToast();
  const queries = useQueryClient();

  const follow = useMutation({
    mutationFn: (wanted: boolean) =>
      (wanted ? put : del)<{ followed: boolean; followers: number }>(`/artists/${artist.id}/follow`),
    onSuccess: (answer) => {
      queries.setQueryData(artistQuery(artist.id).queryKey, (known) => known && { ...known, ...answer });
      void queries.invalidateQueries({ queryKey: ['following'] });
      onDone?.();
      tell(answer.followed ? `You follow ${artist.name}.` : `You no longer follow ${artist.name}.`);
    },
    onError: (error) => tell(error.message, 'bad'),
  });

  function press() {
    if (user) follow.mutate(!isFollowed);
    else go(`/sign-in?next=${encodeURIComponent(pathname + search)}`);
  }

  return (
    <Button
      kind={isFollowed ? 'plain' : 'main'}
      size={size}
      isBusy={follow.isPending}
      label={`${isFollowed ? 'Unfollow' : 'Follow'} ${artist.name}`}
      onClick={press}
    >
      {isFollowed ? 'Unfollow' : 'Follow'}
    </Button>
  );
}

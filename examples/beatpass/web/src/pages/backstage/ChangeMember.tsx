import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiError, put, sentence } from '../../api/client';
import type { Member } from '../../api/types';
import { Ask } from '../../ui/Ask';
import { useToast } from '../../ui/Toast';

export interface Change {
  member: Member;
  role?: 'member' | 'admin';
  disabled?: boolean;
}

interface Said {
  title: string;
  action: string;
  text: string;
  done: string;
}

function said({ member: { name }, role, disabled }: Change): Said {
  if (role === 'admin') {
    return {
      title: `Make ${name} an administrator?`,
      action: 'Make administrator',
      text: 'They see and change everything here: members, beats and purchases.',
      done: `${name} is an administrator.`,
    };
  }
  if (role === 'member') {
    return {
      title: `Make ${name} a member again?`,
      action: 'Make member',
      text: 'They see nothing of this any more.',
      done: `${name} is a member again.`,
    };
  }
  if (disabled) {
    return {
      title: `Disable ${name}?`,
      action: 'Disable',
      text: 'They are signed out everywhere and cannot sign in until you enable them again.',
      done: `${name} is disabled.`,
    };
  }
  return { title: `Enable ${name}?`, action: 'Enable', text: 'They can sign in again.', done: `${name} is enabled.` };
}

/** Asks before a member is made more, or less. */
export function ChangeMember({ change, onClose }: { change: Change | null; onClose: () => void }) {
  const tell = useToast();
  const queries = useQueryClient();
  const act = useMutation({
    mutationFn: ({ member, ...body }: Change) => put(`/admin/users/${member.id}`, body),
    onSuccess: async (_, done) => {
      await queries.invalidateQueries({ queryKey: ['admin'] });
      tell(said(done).done);
      onClose();
    },
  });
  const words = change && said(change);
  const first = act.error instanceof ApiError ? Object.values(act.error.fields)[0]?.[0] : undefined;
  return (
    <Ask
      title={words?.title ?? ''}
      isOpen={change !== null}
      onClose={() => {
        act.reset();
        onClose();
      }}
      action={words?.action ?? ''}
      isBusy={act.isPending}
      error={act.error ? (first ?? sentence(act.error)) : undefined}
      onConfirm={() => change && act.mutate(change)}
      isDangerous={change?.disabled === true}
    >
      <p>{words?.text}</p>
    </Ask>
  );
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { artist } from '../../api/catalogue';
import { ApiError, post, sentence } from '../../api/client';
import type { Conversation } from '../../api/types';
import { useSession } from '../../session/Session';
import { Face } from '../../ui/Face';
import { Composer } from './Composer';
import css from './Inbox.module.css';
import { Back } from './Thread';

/** To somebody one has not written with yet. */
export function FirstMessage({ to }: { to: number }) {
  const go = useNavigate();
  const queries = useQueryClient();
  const { user } = useSession();
  const known = useQuery(artist(to)).data?.name ?? '';
  const send = useMutation({
    mutationFn: (body: string) => post<Conversation>('/messaging/conversations', { user_id: to, body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['messaging'] }),
  });
  const open = (made: Conversation) => void go(`/inbox/${made.id}`, { replace: true });
  const refused = send.error;
  const said = refused instanceof ApiError ? (refused.field('user_id') ?? refused.message) : refused && sentence(refused);

  return (
    <section className={css.thread} aria-label="New conversation">
      <div className={css.head}>
        <Back />
        <Face name={known} seed={to} size="small" />
        <h2 className={css.partner}>{known || 'New conversation'}</h2>
      </div>
      <div className={css.messages}>
        <p className={css.nothing}>
          {to === user?.id ? 'This is you. Choose somebody else to write to.' : `Your first message${known && ` to ${known}`}.`}
        </p>
      </div>
      {to !== user?.id && (
        <Composer
          label={known ? `Message to ${known}` : 'Message'}
          isBusy={send.isPending}
          error={said ?? undefined}
          onSend={(body) => send.mutateAsync(body, { onSuccess: open })}
        />
      )}
    </section>
  );
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { post, sentence } from '../../api/client';
import type { Message } from '../../api/types';
import { Face } from '../../ui/Face';
import { Failed, Loading } from '../../ui/States';
import { usePageTitle } from '../../ui/usePageTitle';
import { Arrow } from '../../ui/icons';
import { Composer } from './Composer';
import css from './Inbox.module.css';
import { Messages } from './Messages';
import { useThread } from './useThread';

/** One conversation. */
export function Thread({ id }: { id: number }) {
  const queries = useQueryClient();
  const thread = useThread(id);
  const heading = useRef<HTMLHeadingElement>(null);
  usePageTitle(thread.partner ? `Messages with ${thread.partner.name}` : 'Inbox');

  const send = useMutation({
    mutationFn: (body: string) => post<Message>(`/messaging/conversations/${id}/messages`, { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['messaging'] }),
  });

  // The shell goes to the beginning of a new page; here that is the conversation, not the list.
  const isHere = thread.partner !== undefined;
  useEffect(() => {
    if (!isHere) return;
    const soon = requestAnimationFrame(() => heading.current?.focus({ preventScroll: true }));
    return () => cancelAnimationFrame(soon);
  }, [isHere]);

  return (
    <section className={css.thread} aria-label="Conversation">
      <div className={css.head}>
        <Back />
        {thread.partner && (
          <>
            <Face name={thread.partner.name} seed={thread.partner.id} size="small" />
            <h2 ref={heading} tabIndex={-1} className={css.partner}>
              <Link to={`/producers/${thread.partner.id}`}>{thread.partner.name}</Link>
            </h2>
          </>
        )}
      </div>
      {thread.error && !thread.partner ? (
        <Failed error={thread.error} onRetry={thread.retry} />
      ) : thread.partner ? (
        <Messages thread={thread} partner={thread.partner} />
      ) : (
        <div className={css.waiting}>
          <Loading lines={4} label="Loading messages" />
        </div>
      )}
      {thread.partner && (
        <Composer
          label={`Message to ${thread.partner.name}`}
          isBusy={send.isPending}
          error={send.error ? sentence(send.error) : undefined}
          onSend={(body) => send.mutateAsync(body)}
        />
      )}
    </section>
  );
}

export const Back = () => (
  <Link to="/inbox" className={css.back} aria-label="All conversations">
    <Arrow />
  </Link>
);

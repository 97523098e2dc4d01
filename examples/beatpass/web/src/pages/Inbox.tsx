// Messages between two members: the conversations on the left, one of them on the right. On a phone
// one of the two is shown.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useNavigate, useParams } from 'react-router';
import { get } from '../api/client';
import type { Conversation, Page } from '../api/types';
import { Empty, Failed, Loading } from '../ui/States';
import { useListParams } from '../ui/useListParams';
import { usePageTitle } from '../ui/usePageTitle';
import { Conversations } from './inbox/Conversations';
import { FirstMessage } from './inbox/FirstMessage';
import css from './inbox/Inbox.module.css';
import { Thread } from './inbox/Thread';

const EVERY = 15_000;

export default function Inbox() {
  const { id } = useParams();
  const { read, page } = useListParams();
  const to = Number(read('to')) || null;
  const { data, error, refetch } = useQuery({
    queryKey: ['messaging', 'conversations', page],
    queryFn: () => get<Page<Conversation>>('/messaging/conversations', { page, per_page: 30 }),
    refetchInterval: EVERY,
    placeholderData: keepPreviousData,
  });
  usePageTitle('Inbox');
  const known = useKnown(to, data);
  const hasOpen = id !== undefined || to !== null;
  return (
    <div className={`page ${css.page}`}>
      <h1 className={hasOpen ? css.heading : ''}>Inbox</h1>
      {!data && error && <Failed error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading lines={5} label="Loading your messages" />}
      {data && data.meta.total === 0 && !hasOpen && (
        <Empty title="No messages yet">Write to a producer from their page, or to somebody who asks for a beat.</Empty>
      )}
      {data && (data.meta.total > 0 || hasOpen) && (
        <div className={`${css.halves} ${hasOpen ? css.withOpen : ''}`}>
          <Conversations page={data} open={Number(id) || null} />
          {id !== undefined && <Thread key={id} id={Number(id)} />}
          {id === undefined && to !== null && !known && <FirstMessage key={to} to={to} />}
          {!hasOpen && <p className={css.nothing}>Choose a conversation to read it.</p>}
        </div>
      )}
    </div>
  );
}

/** Whom one has written with already is answered there. */
function useKnown(to: number | null, list: Page<Conversation> | undefined): boolean {
  const go = useNavigate();
  const known = to === null ? undefined : list?.data.find((one) => one.with.id === to);
  const there = known?.id;
  useEffect(() => {
    if (there !== undefined) void go(`/inbox/${there}`, { replace: true });
  }, [there, go]);
  return known !== undefined;
}

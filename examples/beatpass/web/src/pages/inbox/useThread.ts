import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { get, paged } from '../../api/client';
import type { Message, Named, Page } from '../../api/types';

interface Answer {
  id: number;
  with: Named;
  messages: Page<Message>;
}

const EVERY = 4000;

/** The messages of a conversation, the oldest first; asked for again while it is open. */
export function useThread(id: number) {
  const queries = useQueryClient();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['messaging', 'thread', id],
    queryFn: async ({ pageParam }) => {
      const answer = await get<Answer>(`/messaging/conversations/${id}`, { page: pageParam, per_page: 30 });
      return { ...answer, messages: paged(answer.messages) as Page<Message> };
    },
    initialPageParam: 1,
    getNextPageParam: ({ messages: { meta } }) => (meta.current_page < meta.last_page ? meta.current_page + 1 : undefined),
    // Every page of it is asked for again: the more there are, the more seldom.
    refetchInterval: ({ state }) => EVERY * Math.max(1, state.data?.pages.length ?? 1),
  });

  // What came in between moves the others to the next page: some are there twice.
  const messages = useMemo(() => {
    const all = new Map<number, Message>();
    for (const page of data?.pages ?? []) for (const message of page.messages.data) all.set(message.id, message);
    return [...all.values()].sort((one, other) => one.id - other.id);
  }, [data]);

  // To read it is to have read it: the counts beside it are old now.
  const newest = messages.at(-1)?.id;
  useEffect(() => {
    if (newest === undefined) return;
    void queries.invalidateQueries({ queryKey: ['messaging', 'unread'] });
    void queries.invalidateQueries({ queryKey: ['messaging', 'conversations'] });
  }, [newest, queries]);

  return {
    partner: data?.pages[0]?.with,
    messages,
    error,
    retry: () => void refetch(),
    hasOlder: hasNextPage,
    isLoadingOlder: isFetchingNextPage,
    loadOlder: () => void fetchNextPage(),
  };
}

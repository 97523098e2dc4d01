import { Link } from 'react-router';
import type { Conversation, Page } from '../../api/types';
import { ago } from '../../format';
import { useSession } from '../../session/Session';
import { Face } from '../../ui/Face';
import { Pager } from '../../ui/Pager';
import { useListParams } from '../../ui/useListParams';
import css from './Inbox.module.css';

/** Whom one writes with, the most recent first. */
export function Conversations({ page, open }: { page: Page<Conversation>; open: number | null }) {
  const list = useListParams();
  return (
    <section className={css.list} aria-label="Conversations">
      <ul className="plain">
        {page.data.map((conversation) => (
          <Entry
            key={conversation.id}
            conversation={conversation}
            isOpen={conversation.id === open}
            query={list.page > 1 ? `?page=${list.page}` : ''}
          />
        ))}
      </ul>
      <Pager meta={page.meta} onPage={list.turn} />
    </section>
  );
}

function Entry({ conversation, isOpen, query }: { conversation: Conversation; isOpen: boolean; query: string }) {
  const { user } = useSession();
  const { last_message: last, unread } = conversation;
  const isUnread = unread > 0 && !isOpen;
  return (
    <li>
      <Link
        to={`/inbox/${conversation.id}${query}`}
        className={`${css.entry} ${isUnread ? css.fresh : ''}`}
        aria-current={isOpen ? 'page' : undefined}
      >
        <Face name={conversation.with.name} seed={conversation.with.id} size="small" />
        <span className={css.about}>
          <span className={css.top}>
            <span className={css.name}>{conversation.with.name}</span>
            <span className={css.when}>{ago(last.sent_at)}</span>
          </span>
          <span className={css.top}>
            <span className={css.last}>
              {last.from === user?.id && 'You: '}
              {last.body}
            </span>
            {isUnread && (
              <span className={css.count}>
                {unread}
                <span className="visually-hidden"> unread</span>
              </span>
            )}
          </span>
        </span>
      </Link>
    </li>
  );
}

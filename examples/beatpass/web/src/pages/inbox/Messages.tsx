import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Message, Named } from '../../api/types';
import { date, time } from '../../format';
import { Button } from '../../ui/Button';
import css from './Inbox.module.css';
import type { useThread } from './useThread';

/** What was written, the newest at the bottom. */
export function Messages({ thread, partner }: { thread: ReturnType<typeof useThread>; partner: Named }) {
  const { messages, hasOlder, isLoadingOlder, loadOlder } = thread;
  const box = useStaying(messages);
  return (
    <>
      <div ref={box} className={css.messages} tabIndex={0} role="region" aria-label="Messages">
        {hasOlder && (
          <div className={css.older}>
            <Button kind="plain" size="small" isBusy={isLoadingOlder} onClick={loadOlder}>
              Older messages
            </Button>
          </div>
        )}
        <ol className={`plain ${css.said}`}>
          {messages.map((message, place) => (
            <Said key={message.id} message={message} before={messages[place - 1]} partner={partner} />
          ))}
        </ol>
      </div>
      <News messages={messages} partner={partner} />
    </>
  );
}

function Said({ message, before, partner }: { message: Message; before: Message | undefined; partner: Named }) {
  const isTheirs = message.from === partner.id;
  const day = date(message.sent_at);
  return (
    <>
      {(!before || date(before.sent_at) !== day) && <li className={css.day}>{day}</li>}
      <li className={`${css.message} ${isTheirs ? css.theirs : css.mine}`}>
        <span className="visually-hidden">{isTheirs ? partner.name : 'You'}: </span>
        <p>{message.body}</p>
        <time dateTime={message.sent_at}>{time(message.sent_at)}</time>
      </li>
    </>
  );
}

/** What comes while one reads is said, not what was there already. */
function News({ messages, partner }: { messages: Message[]; partner: Named }) {
  const last = messages.at(-1);
  const [seen] = useState(last?.id ?? 0);
  const isNews = last !== undefined && last.id > seen && last.from === partner.id;
  return (
    <p className="visually-hidden" role="status">
      {isNews && `${partner.name}: ${last.body}`}
    </p>
  );
}

/** Stays at the bottom when something comes, and at what was read when older messages come above. */
function useStaying(messages: Message[]) {
  const box = useRef<HTMLDivElement>(null);
  const was = useRef({ newest: 0, height: 0 });
  const newest = messages.at(-1)?.id ?? 0;
  const oldest = messages[0]?.id ?? 0;

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    if (newest !== was.current.newest) element.scrollTop = element.scrollHeight;
    else element.scrollTop += element.scrollHeight - was.current.height;
    was.current = { newest, height: element.scrollHeight };
  }, [newest, oldest]);

  // Letters arrive late: what was measured before them was too short.
  useEffect(() => {
    void document.fonts.ready.then(() => {
      if (box.current) was.current.height = box.current.scrollHeight;
    });
  }, []);

  return box;
}

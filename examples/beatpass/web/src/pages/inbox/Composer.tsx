import { useId, useRef, useState, type FormEvent, type KeyboardEvent } from 'react';
import { Button } from '../../ui/Button';
import css from './Inbox.module.css';

const LONGEST = 4000;

interface Props {
  label: string;
  isBusy: boolean;
  error: string | undefined;
  onSend: (body: string) => Promise<unknown>;
}

/** Enter sends, where there is a keyboard; Shift and Enter begin a new line. What was refused stays, to be sent again. */
export function Composer({ label, isBusy, error, onSend }: Props) {
  const [body, setBody] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  // Keys on a screen have no Shift and Enter.
  const sendsByEnter = !matchMedia('(pointer: coarse)').matches;

  async function send() {
    const text = body.trim();
    if (!text || isBusy) return;
    try {
      await onSend(text);
      // What was typed meanwhile is the next message.
      setBody((now) => (now.startsWith(body) ? now.slice(body.length) : now));
    } catch {
      // Said below, by `error`.
    }
    field.current?.focus();
  }

  function pressed(event: KeyboardEvent) {
    // While a word is composed, as in Japanese, Enter ends the word.
    if (!sendsByEnter || event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void send();
  }

  return (
    <form
      className={css.composer}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void send();
      }}
    >
      {error && (
        <p id={`${id}-error`} className="notice bad" role="alert">
          {error}
        </p>
      )}
      <div className={css.write}>
        <textarea
          ref={field}
          aria-label={label}
          aria-describedby={[sendsByEnter && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined}
          placeholder="Write a message"
          rows={Math.min(6, body.split('\n').length)}
          maxLength={LONGEST}
          value={body}
          onChange={(event) => setBody(event.target.value)}
          onKeyDown={pressed}
        />
        <Button type="submit" isBusy={isBusy} disabled={!body.trim() && !isBusy}>
          Send
        </Button>
      </div>
      {sendsByEnter && (
        <p id={`${id}-hint`} className={css.hint}>
          Enter sends, Shift and Enter begin a new line.
        </p>
      )}
    </form>
  );
}

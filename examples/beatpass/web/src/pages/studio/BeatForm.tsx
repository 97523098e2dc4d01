import { useState, type FormEvent, type ReactNode } from 'react';
import { useNavigate } from 'react-router';
import type { Track } from '../../api/types';
import { Button, ButtonLink } from '../../ui/Button';
import { useToast } from '../../ui/Toast';
import { useFirstInvalid } from '../../ui/useFirstInvalid';
import { BeatFields } from './BeatFields';
import { BeatFiles } from './BeatFiles';
import css from './BeatForm.module.css';
import { faults, NO_FILES, withOrWithout, type BeatValues, type Errors, type Files } from './beat';
import { Sending } from './Sending';
import { useBeatsChanged } from './usePublish';
import { useSending } from './useSending';

interface Props {
  title: string;
  action: string;
  initial: BeatValues;
  isNew?: boolean;
  send: (values: BeatValues, files: Files, sending: ReturnType<typeof useSending>) => Promise<Track | undefined>;
  /** The news when it is done. */
  news: (saved: Track, values: BeatValues) => string;
  /** What stands above the files, and at the start of the last row. */
  above?: ReactNode;
  foot?: ReactNode;
}

/** A beat's files and words, and their way to the server. */
export function BeatForm({ title, action, initial, isNew = false, send, news, above, foot }: Props) {
  const go = useNavigate();
  const tell = useToast();
  const changed = useBeatsChanged();
  const [values, setValues] = useState(initial);
  const [files, setFiles] = useState(NO_FILES);
  const sending = useSending();
  const form = useFirstInvalid(sending.errors);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (sending.isBusy) return;
    const missing: Errors = isNew && !files.audio ? { audio: 'Choose the audio of your beat.' } : {};
    const wrong = { ...missing, ...faults(values) };
    if (Object.keys(wrong).length > 0) return sending.setErrors(wrong);
    const saved = await send(values, files, sending);
    if (!saved) return;
    void changed();
    tell(news(saved, values));
    if (sending.isHere()) go('/studio/beats');
  }

  return (
    <form ref={form} className="stack" noValidate onSubmit={(event) => void submit(event)}>
      <h1>{title}</h1>
      <div className={css.form}>
        <section className="card stack" aria-label="Files">
          {above}
          <BeatFiles
            files={files}
            errors={sending.errors}
            onFiles={(changes) => setFiles((now) => ({ ...now, ...changes }))}
            onError={(field, said) => sending.setErrors((now) => withOrWithout(now, field, said))}
            isNew={isNew}
          />
        </section>
        <section className="card" aria-label="About it">
          <BeatFields values={values} errors={sending.errors} onChange={(changes) => setValues((now) => ({ ...now, ...changes }))} />
        </section>
      </div>
      {sending.said && (
        <p className="notice bad" role="alert">
          {sending.said}
        </p>
      )}
      {sending.part !== null && (files.audio || files.cover) && <Sending part={sending.part} onCancel={sending.cancel} />}
      <div className={css.foot}>
        {foot}
        <ButtonLink to="/studio/beats" kind="quiet">
          Cancel
        </ButtonLink>
        <Button type="submit" isBusy={sending.isBusy}>
          {action}
        </Button>
      </div>
    </form>
  );
}

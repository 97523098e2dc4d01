import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { myTracks } from '../../api/catalogue';
import { post, put } from '../../api/client';
import type { Album } from '../../api/types';
import { Button, ButtonLink } from '../../ui/Button';
import { Cover } from '../../ui/Cover';
import { Field, TextArea } from '../../ui/Field';
import { FilePick } from '../../ui/FilePick';
import { useToast } from '../../ui/Toast';
import { useFirstInvalid } from '../../ui/useFirstInvalid';
import { Preview, coverFault } from './BeatFiles';
import files from './BeatFiles.module.css';
import css from './BeatForm.module.css';
import { withOrWithout, type Errors } from './beat';
import { BeatChoice } from './BeatChoice';
import { Sending } from './Sending';
import { useBeatsChanged } from './usePublish';
import { useSending } from './useSending';

interface Props {
  title: string;
  album?: Album;
  foot?: ReactNode;
}

/** A collection's words, cover and beats. */
export function CollectionForm({ title, album, foot }: Props) {
  const go = useNavigate();
  const tell = useToast();
  const changed = useBeatsChanged();
  const [name, setName] = useState(album?.title ?? '');
  const [description, setDescription] = useState(album?.description ?? '');
  const [chosen, setChosen] = useState<number[]>(album?.tracks?.map((track) => track.id) ?? []);
  const [cover, setCover] = useState<File | null>(null);
  const sending = useSending();
  const form = useFirstInvalid(sending.errors);
  const beats = useQuery(myTracks());

  function send() {
    const address = album ? `/albums/${album.id}` : '/albums';
    const body = { title: name.trim(), description: description.trim() || null, track_ids: chosen };
    if (cover) return sending.send<Album>(album ? 'PUT' : 'POST', address, formOf(body, cover));
    return sending.run(() => (album ? put<Album>(address, body) : post<Album>(address, body)));
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (sending.isBusy) return;
    const wrong: Errors = {};
    if (!name.trim()) wrong.title = 'Give your collection a title.';
    if (chosen.length === 0) wrong.track_ids = 'Choose at least one beat: without any, nobody sees your collection.';
    if (Object.keys(wrong).length > 0) return sending.setErrors(wrong);
    const saved = await send();
    if (!saved) return;
    void changed();
    tell(`“${saved.title}” is saved.`);
    if (sending.isHere()) go('/studio/collections');
  }

  function pick(file: File | null) {
    const fault = file ? coverFault(file) : undefined;
    sending.setErrors((now) => withOrWithout(now, 'cover', fault));
    setCover(fault ? null : file);
  }

  return (
    <form ref={form} className="stack" noValidate onSubmit={(event) => void submit(event)}>
      <h1>{title}</h1>
      <div className={css.form}>
        <CoverPick album={album} cover={cover} onPick={pick} error={sending.errors.cover} />
        <section className="card stack" aria-label="About it">
          <Field label="Title" value={name} onChange={setName} error={sending.errors.title} maxLength={255} required />
          <TextArea
            label="Description"
            value={description}
            onChange={setDescription}
            error={sending.errors.description}
            maxLength={4000}
            rows={3}
          />
          <BeatChoice
            beats={beats.data?.data}
            problem={beats.error}
            own={album?.id}
            chosen={chosen}
            onChange={setChosen}
            error={sending.errors.track_ids}
          />
        </section>
      </div>
      {sending.said && (
        <p className="notice bad" role="alert">
          {sending.said}
        </p>
      )}
      {sending.part !== null && cover && <Sending part={sending.part} onCancel={sending.cancel} />}
      <div className={css.foot}>
        {foot}
        <ButtonLink to="/studio/collections" kind="quiet">
          Cancel
        </ButtonLink>
        <Button type="submit" isBusy={sending.isBusy}>
          {album ? 'Save' : 'Create collection'}
        </Button>
      </div>
    </form>
  );
}

interface CoverPickProps {
  album: Album | undefined;
  cover: File | null;
  onPick: (file: File | null) => void;
  error: string | undefined;
}

function CoverPick({ album, cover, onPick, error }: CoverPickProps) {
  return (
    <section className="card stack" aria-label="Picture">
      {album && <Cover url={album.cover_url} seed={album.id} className={files.now} />}
      <FilePick
        label={album ? 'New cover' : 'Cover'}
        hint="PNG, JPEG or WebP, up to 5 MB. A square looks best."
        accept=".png,.jpg,.jpeg,.webp,image/png,image/jpeg,image/webp"
        file={cover}
        onFile={onPick}
        error={error}
      >
        {cover && <Preview file={cover} />}
      </FilePick>
    </section>
  );
}

function formOf(body: { title: string; description: string | null; track_ids: number[] }, cover: File): FormData {
  const form = new FormData();
  form.append('title', body.title);
  form.append('description', body.description ?? '');
  for (const id of body.track_ids) form.append('track_ids[]', String(id));
  form.append('cover', cover);
  return form;
}

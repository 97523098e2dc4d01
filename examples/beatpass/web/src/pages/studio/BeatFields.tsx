import { useQuery } from '@tanstack/react-query';
import { genres } from '../../api/catalogue';
import { Check, Field, Select, TextArea } from '../../ui/Field';
import { KEYS, MOODS, type BeatValues, type Errors } from './beat';
import css from './BeatForm.module.css';
import { useMyAlbums } from './useMyAlbums';

interface Props {
  values: BeatValues;
  errors: Errors;
  onChange: (changes: Partial<BeatValues>) => void;
}

/** What is said about a beat, for a new one and for one that is changed. */
export function BeatFields({ values, errors, onChange }: Props) {
  const known = useQuery(genres());
  const albums = useMyAlbums();
  const set = (name: keyof BeatValues) => (value: string) => onChange({ [name]: value });
  const names = known.data?.data.map((genre) => genre.name) ?? [];
  const collections = (albums.data ?? []).map((album) => ({ value: String(album.id), label: album.title }));
  return (
    <div className="stack">
      <Field label="Title" value={values.title} onChange={set('title')} error={errors.title} maxLength={255} required />
      <div className={css.pair}>
        <Field
          label="Price"
          prefix="$"
          inputMode="decimal"
          value={values.price}
          onChange={set('price')}
          error={errors.price_cents}
          hint="In US dollars. 0 makes it free."
          required
        />
        <Field
          label="BPM"
          inputMode="numeric"
          value={values.bpm}
          onChange={set('bpm')}
          error={errors.bpm}
          hint="Beats a minute"
          maxLength={3}
        />
      </div>
      <div className={css.pair}>
        <Field label="Genre" value={values.genre} onChange={set('genre')} error={errors.genre} suggestions={names} maxLength={64} />
        <Field label="Mood" value={values.mood} onChange={set('mood')} error={errors.mood} suggestions={MOODS} maxLength={64} />
      </div>
      <div className={css.pair}>
        <Field label="Key" value={values.key} onChange={set('key')} error={errors.key} suggestions={KEYS} maxLength={20} />
        <Select
          label="Collection"
          value={values.album}
          onChange={set('album')}
          error={errors.album_id}
          options={[{ value: '', label: 'None' }, ...collections]}
        />
      </div>
      <Field label="Tags" value={values.tags} onChange={set('tags')} error={errors.tags} hint="Separated by commas" />
      <TextArea
        label="Description"
        value={values.description}
        onChange={set('description')}
        error={errors.description}
        maxLength={4000}
      />
      <div className="stack tight">
        <Check label="Published" checked={values.isPublished} onChange={(isPublished) => onChange({ isPublished })} />
        <p className="small muted">Everybody finds and hears it. Without the check it is yours alone.</p>
      </div>
    </div>
  );
}

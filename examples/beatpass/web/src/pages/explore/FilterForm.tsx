import { useQuery } from '@tanstack/react-query';
import { useId, useState, type FormEvent } from 'react';
import { genres } from '../../api/catalogue';
import { Button } from '../../ui/Button';
import { Field, Filters as FilterFields, Select } from '../../ui/Field';
import css from './Explore.module.css';
import type { FilterName, Filters } from './filters';
import { useKnown } from './useKnown';

interface Props {
  filters: Filters;
  onApply: (filters: Filters) => void;
}

/** Filters are set together: nothing moves before "Show beats" is pressed. */
export function FilterForm({ filters, onApply }: Props) {
  const [draft, setDraft] = useState(filters);
  const { data } = useQuery(genres());
  const { moods, keys } = useKnown();
  const set = (name: FilterName) => (value: string) => setDraft({ ...draft, [name]: value });

  function apply(event: FormEvent) {
    event.preventDefault();
    onApply(draft);
  }

  return (
    <form className="stack" aria-label="Filters" onSubmit={apply}>
      <FilterFields>
        <Select
          label="Genre"
          value={draft.genre}
          onChange={set('genre')}
          options={options('All genres', data?.data.map((genre) => genre.name) ?? [], draft.genre)}
        />
        <Select label="Mood" value={draft.mood} onChange={set('mood')} options={options('Any mood', moods, draft.mood)} />
        <Select label="Key" value={draft.key} onChange={set('key')} options={options('Any key', keys, draft.key)} />
        <Range legend="Tempo, in BPM" from={draft.min_bpm} to={draft.max_bpm} onFrom={set('min_bpm')} onTo={set('max_bpm')} />
        <Range
          legend="Price, in dollars"
          from={draft.min_price}
          to={draft.max_price}
          onFrom={set('min_price')}
          onTo={set('max_price')}
          step="0.01"
        />
      </FilterFields>
      <Button type="submit">Show beats</Button>
    </form>
  );
}

/** What is chosen can be chosen, even where the list does not have it. */
function options(all: string, values: string[], chosen: string) {
  const known = chosen && !values.includes(chosen) ? [chosen, ...values] : values;
  return [{ value: '', label: all }, ...known.map((value) => ({ value, label: value }))];
}

interface RangeProps {
  legend: string;
  from: string;
  to: string;
  onFrom: (value: string) => void;
  onTo: (value: string) => void;
  /** The smallest part of it. */
  step?: '1' | '0.01';
}

function Range({ legend, from, to, onFrom, onTo, step = '1' }: RangeProps) {
  const id = useId();
  const shared = { type: 'number', inputMode: step === '1' ? 'numeric' : 'decimal', min: '0', step } as const;
  return (
    <div role="group" aria-labelledby={id} className={css.range}>
      <p id={id} className={css.legend}>
        {legend}
      </p>
      <Field label="From" {...shared} value={from} onChange={onFrom} />
      <Field label="To" {...shared} value={to} onChange={onTo} />
    </div>
  );
}

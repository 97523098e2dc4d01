import { Close } from '../../ui/icons';
import css from './Explore.module.css';
import { NAMES, saying, type FilterName, type Filters } from './filters';

interface Props {
  filters: Filters;
  artist?: string;
  onRemove: (name: FilterName | 'artist') => void;
  onClear: () => void;
}

/** The filters that are on, each to be taken off. */
export function Chips({ filters, artist, onRemove, onClear }: Props) {
  const on = NAMES.filter((name) => filters[name]);
  if (on.length === 0 && !artist) return null;
  return (
    <ul className={`plain row ${css.chips}`} aria-label="Filters that are on">
      {artist && <Chip text={`By ${artist}`} onRemove={() => onRemove('artist')} />}
      {on.map((name) => (
        <Chip key={name} text={saying(name, filters[name])} onRemove={() => onRemove(name)} />
      ))}
      <li>
        <button type="button" className={css.clear} onClick={onClear}>
          Clear all
        </button>
      </li>
    </ul>
  );
}

function Chip({ text, onRemove }: { text: string; onRemove: () => void }) {
  return (
    <li>
      <button type="button" className={css.chip} aria-label={`Remove filter: ${text}`} onClick={onRemove}>
        {text}
        <Close size={14} />
      </button>
    </li>
  );
}

import type { CSSProperties } from 'react';
import css from './Slider.module.css';

interface Props {
  label: string;
  /** What a screen reader says in place of the number. */
  says: string;
  value: number;
  max: number;
  step: number;
  onChange: (value: number) => void;
}

/** A line along which one moves, filled as far as one is. */
export function Slider({ label, says, value, max, step, onChange }: Props) {
  const part: CSSProperties & Record<'--part', string> = { '--part': `${max > 0 ? (value / max) * 100 : 0}%` };
  return (
    <input
      type="range"
      className={css.slider}
      style={part}
      aria-label={label}
      aria-valuetext={says}
      min={0}
      max={max}
      step={step}
      value={value}
      onChange={(event) => onChange(Number(event.target.value))}
    />
  );
}

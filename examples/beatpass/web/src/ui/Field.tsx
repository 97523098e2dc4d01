import { createContext, useContext, useId, type HTMLInputTypeAttribute, type ReactNode } from 'react';
import css from './Field.module.css';

interface Shared {
  label: string;
  hint?: ReactNode;
  error?: string;
  required?: boolean;
}

interface FrameProps extends Shared {
  children: (ids: { id: string; describedBy: string | undefined; isInvalid: boolean }) => ReactNode;
}

const Narrowing = createContext(false);

/** Around what narrows a list: that it may stay empty goes without saying. */
export function Filters({ children }: { children: ReactNode }) {
  return <Narrowing value={true}>{children}</Narrowing>;
}

/** A label, the control, a hint and what is wrong, tied together for screen readers. */
export function Frame({ label, hint, error, required, children }: FrameProps) {
  const id = useId();
  const isFilter = useContext(Narrowing);
  const said = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined;
  return (
    <div className={css.field}>
      <label htmlFor={id}>
        {label}
        {!required && !isFilter && <span className={css.optional}> (optional)</span>}
      </label>
      {children({ id, describedBy: said, isInvalid: Boolean(error) })}
      {hint && (
        <p id={`${id}-hint`} className={css.hint}>
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className={css.error} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

interface FieldProps extends Shared {
  value: string;
  onChange: (value: string) => void;
  type?: HTMLInputTypeAttribute;
  name?: string;
  autoComplete?: string;
  inputMode?: 'numeric' | 'decimal' | 'email' | 'text' | 'search';
  placeholder?: string;
  maxLength?: number;
  autoFocus?: boolean;
  prefix?: string;
  /** What the browser offers while one types. */
  suggestions?: string[];
  min?: string;
  step?: string;
}

export function Field({ label, hint, error, required, value, onChange, prefix, type = 'text', suggestions, ...input }: FieldProps) {
  return (
    <Frame label={label} hint={hint} error={error} required={required}>
      {({ id, describedBy, isInvalid }) => (
        <span className={css.box}>
          {prefix && (
            <span className={css.prefix} aria-hidden="true">
              {prefix}
            </span>
          )}
          <input
            {...input}
            id={id}
            type={type}
            list={suggestions && `${id}-list`}
            className={css.input}
            value={value}
            onChange={(event) => onChange(event.target.value)}
            aria-invalid={isInvalid || undefined}
            aria-describedby={describedBy}
            required={required}
          />
          {suggestions && (
            <datalist id={`${id}-list`}>
              {suggestions.map((suggestion) => (
                <option key={suggestion} value={suggestion} />
              ))}
            </datalist>
          )}
        </span>
      )}
    </Frame>
  );
}

interface TextAreaProps extends Shared {
  value: string;
  onChange: (value: string) => void;
  rows?: number;
  maxLength?: number;
  placeholder?: string;
}

export function TextArea({ label, hint, error, required, value, onChange, rows = 4, ...input }: TextAreaProps) {
  return (
    <Frame label={label} hint={hint} error={error} required={required}>
      {({ id, describedBy, isInvalid }) => (
        <textarea
          {...input}
          id={id}
          rows={rows}
          className={css.input}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          aria-invalid={isInvalid || undefined}
          aria-describedby={describedBy}
          required={required}
        />
      )}
    </Frame>
  );
}

interface SelectProps extends Shared {
  value: string;
  onChange: (value: string) => void;
  options: { value: string; label: string }[];
}

export function Select({ label, hint, error, required, value, onChange, options }: SelectProps) {
  return (
    <Frame label={label} hint={hint} error={error} required={required}>
      {({ id, describedBy, isInvalid }) => (
        <select
          id={id}
          className={css.input}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          aria-invalid={isInvalid || undefined}
          aria-describedby={describedBy}
          required={required}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Frame>
  );
}

interface CheckProps {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export function Check({ label, checked, onChange }: CheckProps) {
  return (
    <label className={css.check}>
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}

import { useState } from 'react';
import { Frame } from './Field';
import css from './PasswordField.module.css';

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  autoComplete: 'current-password' | 'new-password';
  hint?: string;
  error?: string;
  autoFocus?: boolean;
}

/** A password, which its owner may look at instead of typing it twice. */
export function PasswordField({ label, value, onChange, hint, error, ...input }: Props) {
  const [isShown, setShown] = useState(false);
  return (
    <Frame label={label} hint={hint} error={error} required>
      {({ id, describedBy, isInvalid }) => (
        <span className={css.box}>
          <input
            {...input}
            id={id}
            type={isShown ? 'text' : 'password'}
            className={css.input}
            value={value}
            onChange={(event) => onChange(event.target.value)}
            aria-invalid={isInvalid || undefined}
            aria-describedby={describedBy}
            required
            autoCapitalize="none"
            spellCheck={false}
          />
          <button
            type="button"
            className={css.show}
            aria-label={isShown ? 'Hide what is typed' : 'Show what is typed'}
            onClick={() => setShown(!isShown)}
          >
            {isShown ? 'Hide' : 'Show'}
          </button>
        </span>
      )}
    </Frame>
  );
}

import { useState } from 'react';
import { useSession } from '../../session/Session';
import { step } from '../../session/ways';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { Refused } from '../../ui/Refused';
import { useForm } from '../../ui/useForm';
import css from './Door.module.css';

interface Props {
  onBack: () => void;
  /** A browser that is half in has nowhere to go back to. */
  canGoBack: boolean;
}

/** The second step: a code of the app, or one of the codes that were kept for a rainy day. */
export function SecondStep({ onBack, canGoBack }: Props) {
  const [isRecovery, setRecovery] = useState(false);
  return (
    <div className={css.door}>
      <CodeForm key={String(isRecovery)} isRecovery={isRecovery} />
      <div className="row between">
        <Button kind="quiet" size="small" onClick={() => setRecovery(!isRecovery)}>
          {isRecovery ? 'Use a code from the app' : 'Use a recovery code'}
        </Button>
        {canGoBack && (
          <Button kind="quiet" size="small" onClick={onBack}>
            Back
          </Button>
        )}
      </div>
    </div>
  );
}

function CodeForm({ isRecovery }: { isRecovery: boolean }) {
  const { refresh } = useSession();
  const [code, setCode] = useState('');
  const name = isRecovery ? 'recovery_code' : 'code';
  const form = useForm(async () => {
    await step('/two-factor-challenge', { [name]: code });
    await refresh();
  });
  return (
    <form ref={form.ref} onSubmit={form.submit} className="stack">
      <Refused error={form.error} fields={[name]} />
      <Field
        label={isRecovery ? 'Recovery code' : 'Code'}
        hint={isRecovery ? 'One of those you saved. Each works once.' : 'Six digits, from your authenticator app.'}
        inputMode={isRecovery ? 'text' : 'numeric'}
        autoComplete={isRecovery ? 'off' : 'one-time-code'}
        value={code}
        onChange={setCode}
        error={form.wrong(name)}
        required
        autoFocus
      />
      <div className={css.wide}>
        <Button type="submit" isBusy={form.isBusy}>
          Continue
        </Button>
      </div>
    </form>
  );
}

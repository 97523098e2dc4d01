import { useState } from 'react';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { Refused } from '../../ui/Refused';
import { useAct } from '../../ui/useForm';

interface Props {
  code: string;
  onCode: (code: string) => void;
  wrong: string | undefined;
  send: () => Promise<unknown>;
}

/** Where strangers have tried too many passwords, an unknown browser brings a mailed code too. */
export function MailCode({ code, onCode, wrong, send }: Props) {
  const [isSent, setSent] = useState(false);
  const { act, isBusy, error } = useAct();
  return (
    <div className="stack">
      <p className="notice" role="status">
        {isSent
          ? 'If there is such an account, we mailed it a code. It works for 15 minutes.'
          : 'Many wrong passwords were tried for this address. To sign in on this device, you also need a code that we mail you.'}
      </p>
      <Refused error={error} />
      {isSent && (
        <Field
          label="Code from the mail"
          autoComplete="one-time-code"
          value={code}
          onChange={onCode}
          error={wrong}
          required
          autoFocus
        />
      )}
      <Button kind="plain" isBusy={isBusy} onClick={() => void act(async () => void (await send(), setSent(true)))}>
        {isSent ? 'Mail me another code' : 'Mail me a code'}
      </Button>
    </div>
  );
}

import { useState } from 'react';
import { post } from '../../api/client';
import { useSession } from '../../session/Session';
import { Button } from '../../ui/Button';
import { focusMain } from '../../ui/focusMain';
import { Refused } from '../../ui/Refused';
import { useAct } from '../../ui/useForm';

/** The address was not proved yet: what to do, and the mail once more. */
export function Unproved({ email }: { email: string }) {
  const { refresh } = useSession();
  const [isSent, setSent] = useState(false);
  const { act, isBusy, error } = useAct();

  async function send() {
    const answer = await post<{ status?: string }>('/email/verification-notification');
    // Another window may have proved it by now.
    if (answer.status === undefined) await refresh();
    setSent(true);
  }

  return (
    <div className="notice stack">
      <p role="status">
        {isSent
          ? `We mailed ${email} a new link. It works for an hour; the one before does not any more.`
          : `Your address ${email} is not confirmed. Open the link that we mailed you.`}
      </p>
      <Refused error={error} />
      <div className="row">
        <Button kind="plain" size="small" isBusy={isBusy} onClick={() => void act(send)}>
          Mail the link again
        </Button>
        <Button kind="quiet" size="small" onClick={() => void refresh().then(focusMain)}>
          I have confirmed it
        </Button>
      </div>
    </div>
  );
}

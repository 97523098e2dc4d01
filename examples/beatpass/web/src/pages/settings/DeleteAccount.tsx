import { useState } from 'react';
import { del, isProved } from '../../api/client';
import { DELETED } from '../../session/useArrival';
import { Button } from '../../ui/Button';
import { useAct } from '../../ui/useForm';
import { Head } from './Head';
import { Sure } from './Sure';

export function DeleteAccount() {
  const [isOpen, setOpen] = useState(false);
  const { act, isBusy, error } = useAct();

  async function remove() {
    if (!(await isProved())) return;
    await del('/user');
    // As after signing out.
    location.assign(`/?${DELETED}=1`);
  }

  return (
    <>
      <Head title="Delete account">This cannot be taken back.</Head>
      <div className="card stack">
        <h2>What goes</h2>
        <ul>
          <li>Your profile, and every way in: password, two-factor, passkeys, linked accounts</li>
          <li>Every session, on all your devices</li>
        </ul>
        <h2>What stays</h2>
        <ul>
          <li>Your beats are no longer for sale, but whoever bought one keeps it</li>
          <li>Your messages stay with those who got them, under “Somebody who left”</li>
        </ul>
        <p className="muted">
          To keep a beat that you bought, download it first. We keep a log of what was done to the account, without your
          name and address.
        </p>
        <div>
          <Button kind="danger" onClick={() => setOpen(true)}>
            Delete my account
          </Button>
        </div>
      </div>
      <Sure
        title="Delete your account?"
        action="Delete for good"
        isOpen={isOpen}
        isBusy={isBusy}
        error={error}
        onClose={() => setOpen(false)}
        onSure={() => void act(remove)}
      >
        It is gone at once, and nobody can bring it back.
      </Sure>
    </>
  );
}

import { useState } from 'react';
import { del, get, post } from '../../../api/client';
import { Button } from '../../../ui/Button';
import { useToast } from '../../../ui/Toast';
import { useAct } from '../../../ui/useForm';
import { Sure } from '../Sure';

interface Props {
  onCodes: (codes: string[]) => void;
  onOff: () => void;
}

export function On({ onCodes, onOff }: Props) {
  const [open, setOpen] = useState<'codes' | 'off'>();
  const { act, isBusy, error } = useAct();
  const tell = useToast();

  async function renew() {
    await post('/user/two-factor-recovery-codes');
    const codes = await get<string[]>('/user/two-factor-recovery-codes');
    setOpen(undefined);
    onCodes(codes);
  }

  async function turnOff() {
    await del('/user/two-factor-authentication');
    setOpen(undefined);
    tell('Two-factor authentication is off.');
    onOff();
  }

  const shared = { isBusy, error, onClose: () => setOpen(undefined) };
  return (
    <div className="card stack">
      <div className="row between">
        <h2>Authenticator app</h2>
        <span className="tag good">On</span>
      </div>
      <p className="muted">Each sign-in asks for a code from your app. A passkey counts as both steps at once.</p>
      <div className="row">
        <Button kind="plain" onClick={() => setOpen('codes')}>
          New recovery codes
        </Button>
        <Button kind="danger" onClick={() => setOpen('off')}>
          Turn off
        </Button>
      </div>
      <Sure
        title="Make new recovery codes?"
        action="Make new codes"
        isOpen={open === 'codes'}
        onSure={() => void act(renew)}
        {...shared}
      >
        The ones that you have stop working. The new ones are shown once.
      </Sure>
      <Sure
        title="Turn off two-factor?"
        action="Turn off now"
        isOpen={open === 'off'}
        onSure={() => void act(turnOff)}
        {...shared}
      >
        Your password alone opens your account then. You are signed out everywhere but here.
      </Sure>
    </div>
  );
}

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Passkey } from '../../api/account';
import { del, put } from '../../api/client';
import { ago, date } from '../../format';
import { Button, IconButton } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { focusMain } from '../../ui/focusMain';
import { Key, Pencil, Trash } from '../../ui/icons';
import { Refused } from '../../ui/Refused';
import { useToast } from '../../ui/Toast';
import { useAct, useForm } from '../../ui/useForm';
import css from './Rows.module.css';
import { Sure } from './Sure';

export function PasskeyRow({ passkey }: { passkey: Passkey }) {
  const [open, setOpen] = useState<'rename' | 'remove'>();
  const queries = useQueryClient();
  const tell = useToast();
  const { act, isBusy, error } = useAct();

  async function remove() {
    await del(`/user/passkeys/${passkey.id}`);
    setOpen(undefined);
    tell(`${passkey.name} is removed.`);
    await queries.invalidateQueries({ queryKey: ['account'] });
    focusMain();
  }

  return (
    <li className={css.row}>
      <span className={css.picture} aria-hidden="true">
        <Key />
      </span>
      <div className={css.words}>
        <strong>{passkey.name}</strong>
        <span className="small muted">
          Added {date(passkey.created_at)} ·{' '}
          {passkey.last_used_at ? `used ${ago(passkey.last_used_at)}` : 'not used yet'}
        </span>
        {passkey.backed_up && <span className="small muted">Kept by your password manager, on all your devices</span>}
      </div>
      <div className={css.actions}>
        <IconButton label={`Rename ${passkey.name}`} onClick={() => setOpen('rename')}>
          <Pencil />
        </IconButton>
        <IconButton label={`Remove ${passkey.name}`} onClick={() => setOpen('remove')}>
          <Trash />
        </IconButton>
      </div>
      <Rename passkey={passkey} isOpen={open === 'rename'} onClose={() => setOpen(undefined)} />
      <Sure
        title={`Remove ${passkey.name}?`}
        action="Remove passkey"
        isOpen={open === 'remove'}
        isBusy={isBusy}
        error={error}
        onClose={() => setOpen(undefined)}
        onSure={() => void act(remove)}
      >
        You cannot sign in with it any more. Your device may still offer it until you remove it there, too.
      </Sure>
    </li>
  );
}

function Rename({ passkey, isOpen, onClose }: { passkey: Passkey; isOpen: boolean; onClose: () => void }) {
  const [name, setName] = useState(passkey.name);
  const queries = useQueryClient();
  const form = useForm(async () => {
    await put(`/user/passkeys/${passkey.id}`, { name });
    onClose();
    await queries.invalidateQueries({ queryKey: ['account'] });
  });
  return (
    <Dialog title="Rename passkey" isOpen={isOpen} onClose={onClose}>
      <form ref={form.ref} onSubmit={form.submit} className="stack">
        <Refused error={form.error} fields={['name']} />
        <Field label="Name" value={name} onChange={setName} error={form.wrong('name')} maxLength={255} required />
        <div className="row end">
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" isBusy={form.isBusy}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

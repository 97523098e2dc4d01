import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { linkedAccounts } from '../../api/account';
import { put } from '../../api/client';
import { useSession } from '../../session/Session';
import { Button } from '../../ui/Button';
import { PasswordField } from '../../ui/PasswordField';
import { Refused } from '../../ui/Refused';
import { Said } from '../../ui/Said';
import { useForm } from '../../ui/useForm';
import { Head } from './Head';

export function Password() {
  const { user, refresh } = useSession();
  const [old, setOld] = useState('');
  const [password, setPassword] = useState('');
  const [isDone, setDone] = useState(false);
  // Only who came by a provider may have no password yet.
  const mayHaveNone = (useQuery(linkedAccounts()).data ?? []).length > 0;

  const form = useForm(async () => {
    setDone(false);
    const current = old === '' ? {} : { current_password: old };
    await put('/user/password', { ...current, password, password_confirmation: password });
    setOld('');
    setPassword('');
    setDone(true);
    await refresh();
  });

  return (
    <>
      <Head title="Password">A new password signs you out everywhere but here.</Head>
      <form ref={form.ref} onSubmit={form.submit} className="card stack">
        <Refused error={form.error} fields={['current_password', 'password']} />
        <input type="text" hidden autoComplete="username" value={user?.email ?? ''} readOnly />
        <PasswordField
          label="Current password"
          autoComplete="current-password"
          hint={mayHaveNone ? 'Leave it empty if you never set one.' : undefined}
          value={old}
          onChange={setOld}
          error={form.wrong('current_password')}
          isOptional={mayHaveNone}
        />
        <PasswordField
          label="New password"
          autoComplete="new-password"
          hint="Long is good: four odd words are better than P4ssword1."
          value={password}
          onChange={setPassword}
          error={form.wrong('password')}
        />
        <div>
          <Button type="submit" isBusy={form.isBusy}>
            Change password
          </Button>
        </div>
        <Said>{isDone && 'Your password is changed. All other sessions have ended.'}</Said>
      </form>
    </>
  );
}

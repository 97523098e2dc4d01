import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { waysIn } from '../../api/account';
import { put } from '../../api/client';
import { useSession } from '../../session/Session';
import { Button } from '../../ui/Button';
import { PasswordField } from '../../ui/PasswordField';
import { Refused } from '../../ui/Refused';
import { Said } from '../../ui/Said';
import { Failed, Loading } from '../../ui/States';
import { useForm } from '../../ui/useForm';
import { Head } from './Head';

export function Password() {
  const { user } = useSession();
  const { data: ways, error, refetch } = useQuery(waysIn(user));
  return (
    <>
      <Head title="Password">
        {ways?.password === false
          ? 'You have none yet. With one you can sign in by your email address, too.'
          : 'A new password signs you out everywhere but here.'}
      </Head>
      {ways && <NewPassword hasOne={ways.password} />}
      {!ways && (error ? <Failed error={error} onRetry={() => void refetch()} /> : <Loading />)}
    </>
  );
}

function NewPassword({ hasOne }: { hasOne: boolean }) {
  const { user, refresh } = useSession();
  const [old, setOld] = useState('');
  const [password, setPassword] = useState('');
  const [isDone, setDone] = useState(false);

  const form = useForm(async () => {
    setDone(false);
    const current = hasOne ? { current_password: old } : {};
    await put('/user/password', { ...current, password, password_confirmation: password });
    setOld('');
    setPassword('');
    setDone(true);
    await refresh();
  });

  return (
    <form ref={form.ref} onSubmit={form.submit} className="card stack">
      <Refused error={form.error} fields={['current_password', 'password']} />
      <input type="text" hidden autoComplete="username" value={user?.email ?? ''} readOnly />
      {hasOne && (
        <PasswordField
          label="Current password"
          autoComplete="current-password"
          value={old}
          onChange={setOld}
          error={form.wrong('current_password')}
        />
      )}
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
  );
}

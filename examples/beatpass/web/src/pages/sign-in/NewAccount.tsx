import { useState } from 'react';
import { get, post } from '../../api/client';
import type { User } from '../../api/types';
import { useSession } from '../../session/Session';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { PasswordField } from '../../ui/PasswordField';
import { Refused } from '../../ui/Refused';
import { useForm } from '../../ui/useForm';
import css from './Door.module.css';

/** Asks for an account. Some servers let in at once, others mail a link first: `onSent`. */
export function NewAccount({ onSent }: { onSent: (email: string) => void }) {
  const { refresh } = useSession();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');

  const form = useForm(async () => {
    await post('/register', { name, email, password, password_confirmation: password });
    const user = await get<User>('/api/user').catch(() => null);
    if (user) await refresh();
    else onSent(email);
  });

  return (
    <form ref={form.ref} onSubmit={form.submit} className="stack">
      <Refused error={form.error} fields={['name', 'email', 'password']} />
      <Field
        label="Name"
        name="name"
        autoComplete="name"
        hint="Others see it."
        value={name}
        onChange={setName}
        error={form.wrong('name')}
        maxLength={255}
        required
      />
      <Field
        label="Email"
        type="email"
        name="email"
        autoComplete="username"
        value={email}
        onChange={setEmail}
        error={form.wrong('email')}
        required
      />
      <PasswordField
        label="Password"
        autoComplete="new-password"
        hint="Long is good: four odd words are better than P4ssword1."
        value={password}
        onChange={setPassword}
        error={form.wrong('password')}
      />
      <div className={css.wide}>
        <Button type="submit" isBusy={form.isBusy}>
          Create account
        </Button>
      </div>
    </form>
  );
}

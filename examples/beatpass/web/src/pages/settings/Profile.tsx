import { useState } from 'react';
import { put } from '../../api/client';
import type { User } from '../../api/types';
import { useSession } from '../../session/Session';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { Refused } from '../../ui/Refused';
import { Said } from '../../ui/Said';
import { useToast } from '../../ui/Toast';
import { useForm } from '../../ui/useForm';
import { Head } from './Head';
import { Unproved } from './Unproved';

export function Profile() {
  const { user } = useSession();
  if (!user) return null;
  return (
    <>
      <Head title="Profile">Your name is what others see. Your email address stays between us.</Head>
      {!user.email_verified_at && <Unproved email={user.email} />}
      <NameForm user={user} />
      <EmailForm user={user} />
    </>
  );
}

function NameForm({ user }: { user: User }) {
  const [name, setName] = useState(user.name);
  const { refresh } = useSession();
  const tell = useToast();
  const form = useForm(async () => {
    await put('/user/profile-information', { name, email: user.email });
    await refresh();
    tell('Your name is saved.');
  });
  return (
    <form ref={form.ref} onSubmit={form.submit} className="card stack" aria-labelledby="name-head">
      <h2 id="name-head">Your name</h2>
      <Refused error={form.error} fields={['name']} />
      <Field
        label="Name"
        autoComplete="name"
        value={name}
        onChange={setName}
        error={form.wrong('name')}
        maxLength={255}
        required
      />
      <div>
        <Button type="submit" isBusy={form.isBusy}>
          Save name
        </Button>
      </div>
    </form>
  );
}

function EmailForm({ user }: { user: User }) {
  const [email, setEmail] = useState('');
  const [mailed, setMailed] = useState<string>();
  const form = useForm(async () => {
    setMailed(undefined);
    await put('/user/profile-information', { name: user.name, email });
    setMailed(email);
    setEmail('');
  });
  return (
    <form ref={form.ref} onSubmit={form.submit} className="card stack" aria-labelledby="email-head">
      <h2 id="email-head">Email address</h2>
      <p>
        <span className="muted">Now it is </span>
        <strong>{user.email}</strong>
      </p>
      <Refused error={form.error} fields={['email']} />
      <Field
        label="New email address"
        type="email"
        autoComplete="email"
        hint="We mail a link there first, and tell the old address."
        value={email}
        onChange={setEmail}
        error={form.wrong('email')}
        required
      />
      <div>
        <Button type="submit" isBusy={form.isBusy}>
          Change email
        </Button>
      </div>
      <Said>
        {mailed && `We mailed ${mailed}. Your address changes when you open the link there; until then it stays.`}
      </Said>
    </form>
  );
}

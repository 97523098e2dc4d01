import { useState } from 'react';
import { Link, Navigate } from 'react-router';
import { post } from '../api/client';
import { useSession } from '../session/Session';
import { Button } from '../ui/Button';
import { Field } from '../ui/Field';
import { Refused } from '../ui/Refused';
import { useForm } from '../ui/useForm';
import { usePageTitle } from '../ui/usePageTitle';
import css from './sign-in/Door.module.css';
import { Sent } from './sign-in/Sent';

export default function Forgot() {
  const { user } = useSession();
  const [email, setEmail] = useState('');
  const [isSent, setSent] = useState(false);
  const form = useForm(async () => {
    await post('/forgot-password', { email });
    setSent(true);
  });
  usePageTitle(isSent ? 'Look for our mail' : 'Forgot your password?');

  if (user) return <Navigate to="/settings/password" replace />;
  if (isSent) {
    return (
      <Sent>
        If <strong>{email}</strong> has an account here, a mail is on its way, with a link to set a new password. It
        works for an hour.
      </Sent>
    );
  }
  return (
    <div className="page narrow stack">
      <h1>Forgot your password?</h1>
      <p className="muted">Tell us your address, and we mail you a link to set a new one.</p>
      <form ref={form.ref} onSubmit={form.submit} className={css.door}>
        <Refused error={form.error} fields={['email']} />
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
        <div className={css.wide}>
          <Button type="submit" isBusy={form.isBusy}>
            Mail me a link
          </Button>
        </div>
      </form>
      <p className={css.foot}>
        <Link to="/sign-in">Back to sign in</Link>
      </p>
    </div>
  );
}

import { useState } from 'react';
import { Link } from 'react-router';
import { ApiError, post } from '../../api/client';
import { useSession } from '../../session/Session';
import { step } from '../../session/ways';
import { Button } from '../../ui/Button';
import { Check, Field } from '../../ui/Field';
import { PasswordField } from '../../ui/PasswordField';
import { Refused } from '../../ui/Refused';
import { useForm } from '../../ui/useForm';
import css from './Door.module.css';
import { MailCode } from './MailCode';

const CODE_WRONG = 'This code is not right, or used up. Ask for another one.';

/** The first step: address and password, and a mailed code where strangers have guessed too often. */
export function PasswordStep({ onSecondStep }: { onSecondStep: () => void }) {
  const { refresh } = useSession();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [remember, setRemember] = useState(false);
  const [needsCode, setNeedsCode] = useState(false);
  const [code, setCode] = useState('');

  const form = useForm(async () => {
    try {
      const asked = needsCode ? { login_code: code } : {};
      const answer = await step('/login', { email, password, remember, ...asked });
      if (answer.two_factor) onSecondStep();
      else await refresh();
    } catch (refused) {
      if (!(refused instanceof ApiError)) throw refused;
      if (refused.status === 409) return refresh();
      if (refused.code !== 'LOGIN_CODE_REQUIRED') throw refused;
      if (needsCode) throw new ApiError(422, refused.code, CODE_WRONG, { login_code: [CODE_WRONG] });
      setNeedsCode(true);
    }
  });

  return (
    <form ref={form.ref} onSubmit={form.submit} className="stack">
      <Refused error={form.error} fields={['email', 'password', 'login_code']} />
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
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
        error={form.wrong('password')}
      />
      {needsCode && (
        <MailCode
          code={code}
          onCode={setCode}
          wrong={form.wrong('login_code')}
          send={() => post('/login/code', { email })}
        />
      )}
      <div className={css.options}>
        <Check label="Remember me" checked={remember} onChange={setRemember} />
        <Link to="/forgot" className={css.forgot}>
          Forgot your password?
        </Link>
      </div>
      <div className={css.wide}>
        <Button type="submit" isBusy={form.isBusy}>
          Sign in
        </Button>
      </div>
    </form>
  );
}

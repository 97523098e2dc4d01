import { useState } from 'react';
import { Link, Navigate, useSearchParams } from 'react-router';
import { useSession } from '../session/Session';
import { nextPlace, withNext } from '../session/ways';
import { usePageTitle } from '../ui/usePageTitle';
import css from './sign-in/Door.module.css';
import { NewAccount } from './sign-in/NewAccount';
import { OtherWays } from './sign-in/OtherWays';
import { Sent } from './sign-in/Sent';

export default function SignUp() {
  const [params] = useSearchParams();
  const { user } = useSession();
  const [sentTo, setSentTo] = useState<string>();
  const next = nextPlace(params);
  usePageTitle(sentTo ? 'Look for our mail' : 'Create an account');

  if (user) return <Navigate to={next} replace />;
  if (sentTo) {
    return (
      <Sent>
        We mailed <strong>{sentTo}</strong> a link. Open it to finish your account; it works for a day.
      </Sent>
    );
  }
  return (
    <div className="page narrow stack">
      <h1>Create an account</h1>
      <p className="muted">To buy beats, to sell your own, and to talk to producers.</p>
      <div className={css.door}>
        <NewAccount onSent={setSentTo} />
        <OtherWays next={next} />
      </div>
      <p className={css.foot}>
        Have an account? <Link to={withNext('/sign-in', params)}>Sign in</Link>
      </p>
    </div>
  );
}

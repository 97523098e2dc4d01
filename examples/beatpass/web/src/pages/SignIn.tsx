import { useState } from 'react';
import { Link, Navigate, useSearchParams } from 'react-router';
import { useSession } from '../session/Session';
import { nextPlace, whyRefused, withNext } from '../session/ways';
import { focusMain } from '../ui/focusMain';
import { usePageTitle } from '../ui/usePageTitle';
import css from './sign-in/Door.module.css';
import { OtherWays } from './sign-in/OtherWays';
import { PasswordStep } from './sign-in/PasswordStep';
import { SecondStep } from './sign-in/SecondStep';

export default function SignIn() {
  const [params] = useSearchParams();
  const { user, isHalfIn } = useSession();
  const [isSecond, setSecond] = useState(params.get('step') === 'code');
  const next = nextPlace(params);
  const error = params.get('error');
  const asksCode = isSecond || isHalfIn;
  usePageTitle(asksCode ? 'Second step' : 'Sign in');

  function back() {
    setSecond(false);
    focusMain();
  }

  if (user) return <Navigate to={error ? `/settings/linked?error=${encodeURIComponent(error)}` : next} replace />;
  if (asksCode) {
    return (
      <div className="page narrow stack">
        <h1>One more step</h1>
        <SecondStep onBack={back} canGoBack={!isHalfIn} />
      </div>
    );
  }
  return (
    <div className="page narrow stack">
      <h1>Sign in</h1>
      {error && (
        <p className="notice bad" role="alert">
          {whyRefused(error)}
        </p>
      )}
      {params.has('reset') && <p className="notice good">Your password is set. Sign in with it.</p>}
      <div className={css.door}>
        <PasswordStep onSecondStep={() => setSecond(true)} />
        <OtherWays next={next} onSecondStep={() => setSecond(true)} />
      </div>
      <p className={css.foot}>
        New here? <Link to={withNext('/sign-up', params)}>Create an account</Link>
      </p>
    </div>
  );
}

import { useQuery } from '@tanstack/react-query';
import { providers } from '../../api/account';
import { byPasskey, canUsePasskeys } from '../../session/passkeys';
import { useSession } from '../../session/Session';
import { toProvider } from '../../session/ways';
import { Button } from '../../ui/Button';
import { Key } from '../../ui/icons';
import { Refused } from '../../ui/Refused';
import { useAct } from '../../ui/useForm';
import css from './Door.module.css';

interface Props {
  next: string;
  /** Absent where somebody signs up: a passkey is made later. */
  onSecondStep?: () => void;
}

/** Ways in without a password: a passkey, and whichever providers there are. */
export function OtherWays({ next, onSecondStep }: Props) {
  const { refresh } = useSession();
  const { act, isBusy, error } = useAct();
  const all = useQuery(providers()).data ?? [];
  const hasPasskey = onSecondStep !== undefined && canUsePasskeys();

  async function passkey() {
    const answer = await byPasskey<{ two_factor?: boolean }>('/passkeys/login');
    if (answer.two_factor) onSecondStep?.();
    else await refresh();
  }

  if (!hasPasskey && all.length === 0) return null;
  return (
    <div className={css.ways}>
      <p className={css.or}>or</p>
      <Refused error={error} />
      {hasPasskey && (
        <div className={css.wide}>
          <Button kind="plain" isBusy={isBusy} onClick={() => void act(passkey)}>
            <Key /> Sign in with a passkey
          </Button>
        </div>
      )}
      {all.map((provider) => (
        <a key={provider.name} className={css.way} href={toProvider(provider, next)}>
          Continue with {provider.label}
        </a>
      ))}
    </div>
  );
}

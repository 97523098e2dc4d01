import { ApiError, post } from '../../../api/client';
import { useSession } from '../../../session/Session';
import { Button } from '../../../ui/Button';
import { Refused } from '../../../ui/Refused';
import { useAct } from '../../../ui/useForm';
import { Unproved } from '../Unproved';

interface Props {
  onSetUp: () => void;
  /** It turned out that it is on. */
  onOn: () => void;
}

export function Off({ onSetUp, onOn }: Props) {
  const { user } = useSession();
  const { act, isBusy, error } = useAct();

  async function begin() {
    try {
      await post('/user/two-factor-authentication', { force: true });
      onSetUp();
    } catch (refused) {
      if (refused instanceof ApiError && refused.field('force')) return onOn();
      throw refused;
    }
  }

  if (user && !user.email_verified_at) return <Unproved email={user.email} />;
  return (
    <div className="card stack">
      <div className="row between">
        <h2>Three steps</h2>
        <span className="tag">Off</span>
      </div>
      <ol>
        <li>Get an authenticator app, such as Aegis, Google Authenticator or 1Password.</li>
        <li>Scan a picture with it.</li>
        <li>Keep the recovery codes, for the day that your phone is gone.</li>
      </ol>
      <Refused error={error} />
      <div>
        <Button isBusy={isBusy} onClick={() => void act(begin)}>
          Turn on
        </Button>
      </div>
    </div>
  );
}

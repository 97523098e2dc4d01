import { useQueryClient } from '@tanstack/react-query';
import type { Place } from '../../api/account';
import { del } from '../../api/client';
import { ago, date } from '../../format';
import { Button } from '../../ui/Button';
import { focusMain } from '../../ui/focusMain';
import { Laptop, Phone } from '../../ui/icons';
import { Refused } from '../../ui/Refused';
import { useToast } from '../../ui/Toast';
import { useAct } from '../../ui/useForm';
import css from './Rows.module.css';

const WAYS: Record<string, string> = {
  password: 'by password',
  registration: 'by signing up',
  remember: 'as it was remembered',
  social: 'by a linked account',
  passkey: 'by passkey',
};

export function SessionRow({ place }: { place: Place }) {
  const { act, isBusy, error } = useAct();
  const queries = useQueryClient();
  const tell = useToast();
  const name = place.device ?? place.name ?? 'Unknown device';
  const isHere = place.is_current_device;

  async function end() {
    await del(`/user/sessions/${encodeURIComponent(place.id)}`);
    tell(`${name} is signed out.`);
    await queries.invalidateQueries({ queryKey: ['account', 'places'] });
    focusMain();
  }

  return (
    <li className={`${css.row} ${css.tall}`}>
      <span className={`${css.picture} ${isHere ? css.here : ''}`} aria-hidden="true">
        {place.agent.is_desktop || !place.agent.platform ? <Laptop /> : <Phone />}
      </span>
      <div className={css.words}>
        <span className="row">
          <strong>{name}</strong>
          {isHere && <span className="tag good">This device</span>}
          {place.type === 'trusted' && <span className="tag">Trusted, asks for no code</span>}
          {(place.type === 'browser' || place.remembered) && <span className="tag">Remembered</span>}
        </span>
        <span className="small muted">
          {[place.ip_address, isHere ? 'active now' : place.last_active && `active ${ago(place.last_active)}`]
            .filter(Boolean)
            .join(' · ')}
        </span>
        <span className="small muted">
          Signed in {date(place.created_at)}
          {place.via && WAYS[place.via] && ` ${WAYS[place.via]}`}
        </span>
        <Refused error={error} />
      </div>
      <div className={css.actions}>
        {!isHere && (
          <Button
            kind="plain"
            size="small"
            isBusy={isBusy}
            label={`End the session of ${name}`}
            onClick={() => void act(end)}
          >
            End
          </Button>
        )}
      </div>
    </li>
  );
}

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { places } from '../../api/account';
import { del, isProved } from '../../api/client';
import { Button } from '../../ui/Button';
import { focusMain } from '../../ui/focusMain';
import { Refused } from '../../ui/Refused';
import { Failed, Loading } from '../../ui/States';
import { useToast } from '../../ui/Toast';
import { useAct } from '../../ui/useForm';
import { Head } from './Head';
import css from './Rows.module.css';
import { SessionRow } from './SessionRow';

export function Sessions() {
  const { data, error, refetch } = useQuery(places());
  const isAlone = data?.every((place) => place.is_current_device);
  return (
    <>
      <Head title="Active sessions">
        Where you are signed in. End what you do not know, and change your password then.
      </Head>
      {error && <Failed error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading lines={4} />}
      {data && (
        <ul className={css.rows} aria-label="Sessions">
          {data.map((place) => (
            <SessionRow key={place.id} place={place} />
          ))}
        </ul>
      )}
      {isAlone && <p className="muted">You are signed in nowhere else.</p>}
      {data && !isAlone && <AllOthers />}
    </>
  );
}

function AllOthers() {
  const { act, isBusy, error } = useAct();
  const queries = useQueryClient();
  const tell = useToast();

  async function end() {
    if (!(await isProved())) return;
    await del('/user/other-browser-sessions');
    tell('All other sessions have ended.');
    await queries.invalidateQueries({ queryKey: ['account', 'places'] });
    focusMain();
  }

  return (
    <div className="card stack">
      <h2>Sign out everywhere else</h2>
      <p className="muted">All sessions but this one end, remembered browsers with them. We ask who you are first.</p>
      <Refused error={error} />
      <div>
        <Button kind="danger" isBusy={isBusy} onClick={() => void act(end)}>
          Sign out all others
        </Button>
      </div>
    </div>
  );
}

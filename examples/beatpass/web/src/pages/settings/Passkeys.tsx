import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { passkeys } from '../../api/account';
import { useSession } from '../../session/Session';
import { addPasskey, canUsePasskeys } from '../../session/passkeys';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { Refused } from '../../ui/Refused';
import { Said } from '../../ui/Said';
import { Empty, Failed, Loading } from '../../ui/States';
import { useToast } from '../../ui/Toast';
import { useForm } from '../../ui/useForm';
import { Head } from './Head';
import { PasskeyRow } from './PasskeyRow';
import css from './Rows.module.css';
import { Unproved } from './Unproved';

export function Passkeys() {
  const { user } = useSession();
  const { data, error, refetch } = useQuery(passkeys());
  return (
    <>
      <Head title="Passkeys">
        A passkey signs you in with your face, your finger or your device’s PIN. It cannot be guessed or phished.
      </Head>
      {!canUsePasskeys() && (
        <p className="notice">This browser cannot use passkeys. Your other ways in work as ever.</p>
      )}
      {user && !user.email_verified_at && <Unproved email={user.email} />}
      {canUsePasskeys() && user?.email_verified_at && <NewPasskey />}
      {error && <Failed error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data?.length === 0 && <Empty title="No passkeys yet">Add one on each device that you use often.</Empty>}
      {data && data.length > 0 && (
        <ul className={css.rows} aria-label="Your passkeys">
          {data.map((passkey) => (
            <PasskeyRow key={passkey.id} passkey={passkey} />
          ))}
        </ul>
      )}
    </>
  );
}

function NewPasskey() {
  const [name, setName] = useState('');
  const queries = useQueryClient();
  const tell = useToast();
  const form = useForm(async () => {
    await addPasskey(name.trim());
    await queries.invalidateQueries({ queryKey: ['account'] });
    setName('');
    tell('Your passkey is added.');
  });
  return (
    <form ref={form.ref} onSubmit={form.submit} className="card stack" aria-labelledby="new-passkey">
      <h2 id="new-passkey">Add a passkey</h2>
      <Refused error={form.error} fields={['name']} />
      <Field
        label="Name"
        hint="So that you know it again, such as: My phone."
        value={name}
        onChange={setName}
        error={form.wrong('name')}
        maxLength={255}
        required
      />
      <div>
        <Button type="submit" isBusy={form.isBusy}>
          Add passkey
        </Button>
      </div>
      <Said>{form.isBusy && 'Follow what your device asks.'}</Said>
    </form>
  );
}

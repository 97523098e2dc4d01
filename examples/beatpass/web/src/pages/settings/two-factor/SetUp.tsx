import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { del, get, post } from '../../../api/client';
import { Button } from '../../../ui/Button';
import { CopyButton } from '../../../ui/CopyButton';
import { Field } from '../../../ui/Field';
import { Refused } from '../../../ui/Refused';
import { Failed, Loading } from '../../../ui/States';
import { useAct, useForm } from '../../../ui/useForm';
import css from './TwoFactor.module.css';

interface Props {
  onCancel: () => void;
  onDone: (codes: string[]) => void;
}

interface Begun {
  svg: string;
  secret: string;
}

async function begun(): Promise<Begun> {
  const { svg } = await get<{ svg: string }>('/user/two-factor-qr-code');
  const { secretKey } = await get<{ secretKey: string }>('/user/two-factor-secret-key');
  return { svg, secret: secretKey };
}

export function SetUp({ onCancel, onDone }: Props) {
  const { data, error } = useQuery({
    queryKey: ['account', 'two-factor', 'begun'],
    queryFn: begun,
    gcTime: 0,
    staleTime: Infinity,
  });
  const head = useRef<HTMLHeadingElement>(null);
  const { act, isBusy } = useAct();
  useEffect(() => head.current?.focus(), []);

  // What was never confirmed is taken away without a word.
  const cancel = () => act(() => del<void>('/user/two-factor-authentication').finally(onCancel));

  return (
    <div className="card stack">
      <h2 ref={head} tabIndex={-1} className={css.head}>
        Scan this with your app
      </h2>
      {error && <Failed error={error} />}
      {!data && !error && <Loading />}
      {data && <Picture begun={data} />}
      {data && <CodeForm onDone={onDone} />}
      <div>
        <Button kind="quiet" isBusy={isBusy} onClick={() => void cancel()}>
          Cancel
        </Button>
      </div>
    </div>
  );
}

function Picture({ begun: { svg, secret } }: { begun: Begun }) {
  return (
    <div className={css.scan}>
      <img
        className={css.picture}
        src={`data:image/svg+xml,${encodeURIComponent(svg)}`}
        alt="QR code for your authenticator app"
        width={192}
        height={192}
      />
      <div className="stack">
        <p>Cannot scan it? Type this key into the app:</p>
        <code className={css.secret}>{secret.match(/.{1,4}/g)?.join(' ')}</code>
        <div>
          <CopyButton text={secret}>Copy key</CopyButton>
        </div>
      </div>
    </div>
  );
}

function CodeForm({ onDone }: Pick<Props, 'onDone'>) {
  const [code, setCode] = useState('');
  const form = useForm(async () => {
    await post('/user/confirmed-two-factor-authentication', { code });
    onDone(await get<string[]>('/user/two-factor-recovery-codes'));
  });
  return (
    <form ref={form.ref} onSubmit={form.submit} className="stack">
      <Refused error={form.error} fields={['code']} />
      <Field
        label="Code"
        hint="The six digits that the app shows now."
        inputMode="numeric"
        autoComplete="one-time-code"
        value={code}
        onChange={setCode}
        error={form.wrong('code')}
        required
      />
      <div>
        <Button type="submit" isBusy={form.isBusy}>
          Confirm code
        </Button>
      </div>
    </form>
  );
}

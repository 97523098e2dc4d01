import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { waysIn } from '../../../api/account';
import { useSession } from '../../../session/Session';
import { focusMain } from '../../../ui/focusMain';
import { Failed, Loading } from '../../../ui/States';
import { Head } from '../Head';
import { Codes } from './Codes';
import { Off } from './Off';
import { On } from './On';
import { SetUp } from './SetUp';

/** What stands where the factor's state would: it is being set up, or its codes are shown. */
type Doing = 'set-up' | { codes: string[] };

export function TwoFactor() {
  const { user, refresh } = useSession();
  const queries = useQueryClient();
  const { data: ways, error, refetch } = useQuery(waysIn(user));
  const isOn = ways?.two_factor;
  const [doing, setDoing] = useState<Doing>();

  async function changed() {
    await queries.invalidateQueries({ queryKey: ['account', 'ways-in'] });
    await refresh();
  }

  function stop() {
    setDoing(undefined);
    focusMain();
  }

  return (
    <>
      <Head title="Two-factor authentication">
        With it, your password alone opens nothing: each sign-in also asks for a code from your phone.
      </Head>
      {error && <Failed error={error} onRetry={() => void refetch()} />}
      {!doing && isOn === undefined && !error && <Loading />}
      {!doing && isOn === false && <Off onSetUp={() => setDoing('set-up')} onOn={() => void changed()} />}
      {!doing && isOn && <On onCodes={(codes) => setDoing({ codes })} onOff={() => void changed().then(focusMain)} />}
      {doing === 'set-up' && (
        <SetUp
          onCancel={stop}
          onDone={(codes) => {
            setDoing({ codes });
            void changed();
          }}
        />
      )}
      {typeof doing === 'object' && <Codes codes={doing.codes} onDone={stop} />}
    </>
  );
}

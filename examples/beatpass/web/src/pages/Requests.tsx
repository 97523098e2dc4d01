// What people look for: open requests, and one's own.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { genres } from '../api/catalogue';
import { get } from '../api/client';
import type { BeatRequest, Page } from '../api/types';
import { useSession } from '../session/Session';
import { Button, ButtonLink } from '../ui/Button';
import { Select } from '../ui/Field';
import { Plus } from '../ui/icons';
import { Pager } from '../ui/Pager';
import { Segments } from '../ui/Segments';
import { Empty, Failed, Loading } from '../ui/States';
import { useListParams } from '../ui/useListParams';
import { usePageTitle } from '../ui/usePageTitle';
import { NewRequest } from './requests/NewRequest';
import { RequestCard } from './requests/RequestCard';
import css from './requests/Requests.module.css';

const WHOSE = [
  { value: 'open', label: 'Open' },
  { value: 'mine', label: 'Mine' },
] as const satisfies { value: string; label: string }[];

const SORTS = [
  { value: '', label: 'Newest first' },
  { value: '-budget', label: 'Highest budget' },
];

export default function Requests() {
  const { user, isKnown } = useSession();
  usePageTitle('Requests');
  return (
    <div className="page stack">
      {user && <Members />}
      {!user && isKnown && <Strangers />}
      {!isKnown && <Loading lines={5} />}
    </div>
  );
}

const Strangers = () => (
  <>
    <h1>Requests</h1>
    <Empty
      title="Say what you are looking for"
      action={
        <div className="row">
          <ButtonLink to="/sign-in?next=/requests">Sign in</ButtonLink>
          <ButtonLink to="/sign-up?next=/requests" kind="plain">
            Sign up
          </ButtonLink>
        </div>
      }
    >
      Members describe the beat that they need and what they would pay; producers answer with offers. Sign in to see what
      is asked for.
    </Empty>
  </>
);

function Members() {
  const [isWriting, setWriting] = useState(false);
  return (
    <>
      <div className="row between">
        <div className="stack tight">
          <h1>Requests</h1>
          <p className="muted">Beats that people are looking for. Offer one of yours, or ask for your own.</p>
        </div>
        <Button onClick={() => setWriting(true)}>
          <Plus size={18} />
          Post a request
        </Button>
      </div>
      <List onWrite={() => setWriting(true)} />
      <NewRequest isOpen={isWriting} onClose={() => setWriting(false)} />
    </>
  );
}

function List({ onWrite }: { onWrite: () => void }) {
  const list = useListParams();
  const [whose, genre, sort] = [list.read('whose') === 'mine' ? 'mine' : 'open', list.read('genre'), list.read('sort')] as const;
  const known = useQuery(genres());
  const { data, error, refetch } = useQuery({
    queryKey: ['requests', whose, genre, sort, list.page],
    queryFn: () =>
      get<Page<BeatRequest>>('/beat-requests', {
        page: list.page,
        sort: sort || undefined,
        'filter[genre]': genre || undefined,
        ...(whose === 'mine' ? { 'filter[mine]': 'true' } : { 'filter[status]': 'open' }),
      }),
    placeholderData: keepPreviousData,
  });
  const names = [...new Set([...(known.data?.data.map((one) => one.name) ?? []), genre].filter(Boolean))];
  return (
    <>
      <div className={css.filters}>
        <Segments
          label="Which requests"
          options={WHOSE}
          value={whose}
          onChange={(value) => list.set({ whose: value === 'mine' ? 'mine' : '' })}
        />
        <Select
          label="Genre"
          value={genre}
          onChange={(value) => list.set({ genre: value })}
          options={[{ value: '', label: 'Every genre' }, ...names.map((name) => ({ value: name, label: name }))]}
          required
        />
        <Select label="Order" value={sort} onChange={(value) => list.set({ sort: value })} options={SORTS} required />
      </div>
      {!data && error && <Failed error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading lines={6} label="Loading requests" />}
      {data?.data.length === 0 && <Nothing isMine={whose === 'mine'} genre={genre} onWrite={onWrite} />}
      {data && data.data.length > 0 && (
        <ul className={`plain ${css.list}`}>
          {data.data.map((request) => (
            <RequestCard key={request.id} request={request} />
          ))}
        </ul>
      )}
      {data && <Pager meta={data.meta} onPage={list.turn} />}
    </>
  );
}

function Nothing({ isMine, genre, onWrite }: { isMine: boolean; genre: string; onWrite: () => void }) {
  const title = isMine ? 'You have asked for nothing yet' : 'No open requests';
  return (
    <Empty title={genre ? `${title} in ${genre}` : title} action={<Button onClick={onWrite}>Post a request</Button>}>
      Say what you need and what you would pay, and producers answer with offers.
    </Empty>
  );
}

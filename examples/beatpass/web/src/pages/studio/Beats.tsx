import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '../../api/client';
import type { Page, Track } from '../../api/types';
import { plural } from '../../format';
import { ButtonLink } from '../../ui/Button';
import { focusMain } from '../../ui/focusMain';
import { Select } from '../../ui/Field';
import { Pager } from '../../ui/Pager';
import rows from '../../ui/Rows.module.css';
import { Empty, Failed, Loading } from '../../ui/States';
import { useListParams } from '../../ui/useListParams';
import { usePageTitle } from '../../ui/usePageTitle';
import { BeatRow } from './BeatRow';
import { DeleteBeat } from './DeleteBeat';

const SORTS = [
  { value: '', label: 'Newest first' },
  { value: '-plays', label: 'Most played' },
  { value: '-price', label: 'Highest price' },
  { value: 'title', label: 'Title' },
];

export function Beats() {
  usePageTitle('My beats');
  const list = useListParams();
  const sort = list.read('sort');
  const [deleting, setDeleting] = useState<Track | null>(null);
  const { data, error, refetch } = useQuery({
    queryKey: ['me', 'tracks', list.page, sort],
    queryFn: () => get<Page<Track>>('/me/tracks', { page: list.page, sort: sort || undefined }),
    placeholderData: keepPreviousData,
  });
  return (
    <div className="stack">
      <div className="row between">
        <div className="stack tight">
          <h1>My beats</h1>
          <p className="muted">{data ? plural(data.meta.total, 'beat') : ' '}</p>
        </div>
        {data && data.meta.total > 1 && (
          <Select label="Order" value={sort} onChange={(value) => list.set({ sort: value })} options={SORTS} required />
        )}
      </div>
      {!data && error && <Failed error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading lines={5} label="Loading your beats" />}
      {data?.meta.total === 0 && (
        <Empty title="No beats yet" action={<ButtonLink to="/studio/upload">Upload a beat</ButtonLink>}>
          What you upload stays yours alone until you publish it.
        </Empty>
      )}
      {data && data.data.length > 0 && (
        <ul className={`plain ${rows.rows}`}>
          {data.data.map((track) => (
            <BeatRow key={track.id} track={track} list={data.data} onDelete={() => setDeleting(track)} />
          ))}
        </ul>
      )}
      {data && <Pager meta={data.meta} onPage={list.turn} />}
      <DeleteBeat
        track={deleting}
        onClose={() => setDeleting(null)}
        // The button that had the focus is gone with its beat.
        onDeleted={() => requestAnimationFrame(focusMain)}
      />
    </div>
  );
}

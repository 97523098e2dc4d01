import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import { artist as artistQuery, tracks } from '../api/catalogue';
import type { Page, Track } from '../api/types';
import { plural } from '../format';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { Filters as FilterFields, Select } from '../ui/Field';
import { Pager } from '../ui/Pager';
import { Empty, Failed, LoadingGrid } from '../ui/States';
import { TrackGrid } from '../ui/TrackCard';
import { Sliders } from '../ui/icons';
import { useListParams } from '../ui/useListParams';
import { usePageTitle } from '../ui/usePageTitle';
import { Chips } from './explore/Chips';
import css from './explore/Explore.module.css';
import { FilterForm } from './explore/FilterForm';
import { asked, NAMES, readFilters, SORTS, type Filters } from './explore/filters';

const PER_PAGE = 24;

export default function Explore() {
  const list = useListParams();
  const filters = readFilters(list.read);
  const artist = list.read('artist');
  const isNarrowed = Boolean(artist) || NAMES.some((name) => filters[name]);
  const [isOpen, setOpen] = useState(false);
  const results = useQuery(
    tracks({
      ...asked(filters),
      'filter[artist]': artist || undefined,
      sort: list.read('sort') || '-created_at',
      page: list.page,
      per_page: PER_PAGE,
    }),
  );
  const by = useQuery({ ...artistQuery(artist), enabled: artist !== '' });
  const title = filters.genre || (artist && by.data ? `Beats by ${by.data.name}` : 'Explore beats');
  usePageTitle(title);

  const apply = (wanted: Filters) => {
    setOpen(false);
    list.set({ ...wanted });
  };
  // What was pressed is gone then: the focus goes to what came of it.
  const remove = (...names: string[]) => {
    list.set(Object.fromEntries(names.map((name) => [name, ''])));
    document.getElementById('total')?.focus();
  };
  const clear = () => remove('artist', ...NAMES);
  const key = JSON.stringify(filters);

  return (
    <div className="page stack">
      <h1>{title}</h1>
      <div className={css.columns}>
        <div className={css.side}>
          <FilterForm key={key} filters={filters} onApply={apply} />
        </div>
        <div className={css.results}>
          <div className={css.tools}>
            <div role="status" className={css.grow}>
              <h2 className={css.total} id="total" tabIndex={-1}>
                {results.data ? plural(results.data.meta.total, 'beat') : 'Beats'}
              </h2>
            </div>
            <div className={css.opener}>
              <Button kind="plain" onClick={() => setOpen(true)}>
                <Sliders size={18} /> Filters
              </Button>
            </div>
            <Sort list={list} />
          </div>
          <Chips
            filters={filters}
            artist={artist ? (by.data?.name ?? 'One producer') : undefined}
            onRemove={remove}
            onClear={clear}
          />
          <Results results={results} onPage={list.turn} onClear={isNarrowed ? clear : undefined} />
        </div>
      </div>
      <Dialog title="Filters" isOpen={isOpen} onClose={() => setOpen(false)}>
        <FilterForm key={key} filters={filters} onApply={apply} />
      </Dialog>
    </div>
  );
}

function Sort({ list }: { list: ReturnType<typeof useListParams> }) {
  return (
    <div className={css.sort}>
      <FilterFields>
        <Select
          label="Sort by"
          value={list.read('sort') || '-created_at'}
          onChange={(sort) => list.set({ sort: sort === '-created_at' ? '' : sort })}
          options={SORTS}
        />
      </FilterFields>
    </div>
  );
}

interface ResultsProps {
  results: UseQueryResult<Page<Track>>;
  onPage: (page: number) => void;
  onClear?: () => void;
}

function Results({ results: { data, error, refetch, isPlaceholderData }, onPage, onClear }: ResultsProps) {
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!data) return <LoadingGrid cards={12} />;
  return (
    <div className={`stack ${isPlaceholderData ? css.stale : ''}`} aria-busy={isPlaceholderData || undefined}>
      {data.data.length > 0 ? <TrackGrid tracks={data.data} /> : <NothingFound onClear={onClear} />}
      <Pager meta={data.meta} onPage={onPage} />
    </div>
  );
}

function NothingFound({ onClear }: { onClear?: () => void }) {
  if (!onClear) return <Empty title="No beats yet">The first one that a producer uploads stands here.</Empty>;
  return (
    <Empty title="No beat is like that" action={<Button onClick={onClear}>Clear all filters</Button>}>
      Try a wider range, or one filter less.
    </Empty>
  );
}

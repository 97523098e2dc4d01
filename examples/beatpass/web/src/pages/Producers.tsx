import { useQuery } from '@tanstack/react-query';
import { artists } from '../api/catalogue';
import { plural } from '../format';
import { ArtistCard } from '../ui/ArtistCard';
import { Filters, Select } from '../ui/Field';
import { Pager } from '../ui/Pager';
import { Empty, Failed, Loading } from '../ui/States';
import { useListParams } from '../ui/useListParams';
import { usePageTitle } from '../ui/usePageTitle';
import css from './home/Home.module.css';

const SORTS = [
  { value: '-followers', label: 'Most followed' },
  { value: '-created_at', label: 'Newest first' },
  { value: 'name', label: 'Name, A to Z' },
];

export default function Producers() {
  usePageTitle('Producers');
  const list = useListParams();
  const sort = list.read('sort') || '-followers';
  const { data, error, refetch } = useQuery(artists({ sort, page: list.page, per_page: 24 }));
  return (
    <div className="page stack">
      <div className={`row between ${css.head}`}>
        <div className="stack tight">
          <h1>Producers</h1>
          <p className="muted" role="status">
            {data ? `${plural(data.meta.total, 'producer')} on BeatPass` : '\u00a0'}
          </p>
        </div>
        <Filters>
          <Select
            label="Sort by"
            value={sort}
            onChange={(wanted) => list.set({ sort: wanted === '-followers' ? '' : wanted })}
            options={SORTS}
          />
        </Filters>
      </div>
      {error && <Failed error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading lines={6} />}
      {data?.data.length === 0 && <Empty title="Nobody is here yet">Whoever uploads a beat stands here.</Empty>}
      {data && (
        <>
          <h2 className="visually-hidden">All of them</h2>
          <ul className={`plain ${css.people}`}>
            {data.data.map((artist) => (
              <li key={artist.id}>
                <ArtistCard artist={artist} />
              </li>
            ))}
          </ul>
          <Pager meta={data.meta} onPage={list.turn} />
        </>
      )}
    </div>
  );
}

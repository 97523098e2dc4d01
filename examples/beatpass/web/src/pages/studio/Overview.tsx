import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { get } from '../../api/client';
import type { Dashboard } from '../../api/types';
import { count, plural } from '../../format';
import { ButtonLink } from '../../ui/Button';
import { RankedBars } from '../../ui/charts/RankedBars';
import { Segments } from '../../ui/Segments';
import { Empty, Failed, Loading } from '../../ui/States';
import { useListParams } from '../../ui/useListParams';
import { usePageTitle } from '../../ui/usePageTitle';
import { Course } from './Course';
import css from './Overview.module.css';
import { Tiles } from './Tiles';
import { TopBeats } from './TopBeats';
import { between, isPeriod, PERIODS } from './periods';

export function Overview() {
  usePageTitle('Overview');
  const list = useListParams();
  const wanted = list.read('period');
  const period = isPeriod(wanted) ? wanted : '30d';
  const { data, error, refetch, isPlaceholderData } = useQuery({
    queryKey: ['dashboard', period],
    queryFn: () => get<Dashboard>('/producer-intelligence/dashboard', { period }),
    placeholderData: keepPreviousData,
  });
  return (
    <div className="stack">
      <div className="row between">
        <div className="stack tight">
          <h1>Overview</h1>
          <p className="muted">{data ? between(data.from, data.to) : 'Plays, sales and revenue of your beats'}</p>
        </div>
        <Segments
          label="Period"
          options={PERIODS}
          value={period}
          onChange={(chosen) => list.set({ period: chosen === '30d' ? '' : chosen })}
        />
      </div>
      {data && <Numbers data={data} isOld={isPlaceholderData} />}
      {!data && error && <Failed error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading lines={6} label="Loading your numbers" />}
    </div>
  );
}

function Numbers({ data, isOld }: { data: Dashboard; isOld: boolean }) {
  if (data.tracks.length === 0) {
    return (
      <Empty title="Your numbers begin with your first beat" action={<ButtonLink to="/studio/upload">Upload a beat</ButtonLink>}>
        Upload one, publish it, and this page shows how often it is played and what it earns.
      </Empty>
    );
  }
  const genres = data.genres.filter((genre) => genre.plays > 0).slice(0, 8);
  return (
    <div className={css.numbers} aria-busy={isOld}>
      <Tiles data={data} />
      <Course data={data} />
      <div className={css.halves}>
        <TopBeats tracks={data.tracks} />
        <section className="card" aria-label="Genres">
          {genres.length > 0 ? (
            <RankedBars
              title="Plays by genre"
              bars={genres.map((genre) => ({ name: genre.name || 'No genre', value: genre.plays }))}
              show={(plays) => count(plays)}
            />
          ) : (
            <p className="muted">Nobody played your beats in this time.</p>
          )}
          <p className={`small muted ${css.followers}`}>{plural(data.followers, 'person follows', 'people follow')} you.</p>
        </section>
      </div>
    </div>
  );
}

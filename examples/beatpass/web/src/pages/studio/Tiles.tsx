import type { Dashboard } from '../../api/types';
import { amount, count, percent } from '../../format';
import css from './Overview.module.css';

interface Tile {
  name: string;
  value: string;
  now: number;
  before: number;
  showBefore: string;
}

/** The numbers of the period, each against the period before it. */
export function Tiles({ data }: { data: Dashboard }) {
  const { previous } = data;
  const converted = previous.plays ? previous.sales / previous.plays : 0;
  const tiles: Tile[] = [
    { name: 'Plays', value: count(data.plays), now: data.plays, before: previous.plays, showBefore: count(previous.plays) },
    { name: 'Sales', value: count(data.sales), now: data.sales, before: previous.sales, showBefore: count(previous.sales) },
    {
      name: 'Revenue',
      value: amount(data.revenue_cents),
      now: data.revenue_cents,
      before: previous.revenue_cents,
      showBefore: amount(previous.revenue_cents),
    },
    {
      name: 'Conversion',
      value: percent(data.conversion),
      now: data.conversion,
      before: converted,
      showBefore: percent(converted),
    },
  ];
  return (
    <dl className={css.tiles}>
      {tiles.map((tile) => (
        <div key={tile.name} className="card">
          <dt>{tile.name}</dt>
          <dd className={css.value}>{tile.value}</dd>
          <dd className={css.change}>
            <Change {...tile} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Change({ now, before, showBefore }: Tile) {
  if (now === before) return <>The same as before</>;
  if (before === 0) return <>None in the time before</>;
  const isUp = now > before;
  const part = Math.round((Math.abs(now - before) / before) * 100);
  return (
    <>
      <span className={isUp ? css.up : css.down}>
        <span aria-hidden="true">{isUp ? '↑' : '↓'}</span> {count(part)} %
        <span className="visually-hidden">{isUp ? ' more' : ' less'}</span>
      </span>{' '}
      from {showBefore}
    </>
  );
}

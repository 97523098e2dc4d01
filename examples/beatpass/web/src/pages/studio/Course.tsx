import type { Dashboard } from '../../api/types';
import { amount, compact, compactAmount, plural } from '../../format';
import type { Point } from '../../ui/charts/scale';
import { TimeChart } from '../../ui/charts/TimeChart';
import css from './Overview.module.css';
import { pointLabel, pointName } from './periods';

type Key = 'plays' | 'sales' | 'revenue_cents';

/** How the period went, day by day or month by month. */
export function Course({ data }: { data: Dashboard }) {
  const isMonthly = data.period === '12m';
  const every = isMonthly ? 'month' : 'day';
  const points = (key: Key): Point[] =>
    data.series.map((entry) => ({
      label: pointLabel(entry.date, isMonthly),
      name: pointName(entry.date, isMonthly),
      value: entry[key],
    }));
  return (
    <section className={css.course} aria-label="Over time">
      <div className={`card ${css.first}`}>
        <TimeChart
          title="Revenue"
          points={points('revenue_cents')}
          shape="area"
          color="var(--accent)"
          show={amount}
          showShort={compactAmount}
          least={400}
          every={every}
        />
      </div>
      <div className="card">
        <TimeChart
          title="Plays"
          points={points('plays')}
          shape="area"
          color="var(--warm)"
          show={(value) => plural(value, 'play')}
          showShort={compact}
          least={4}
          every={every}
        />
      </div>
      <div className="card">
        <TimeChart
          title="Sales"
          points={points('sales')}
          shape="columns"
          color="var(--good)"
          show={(value) => plural(value, 'sale')}
          showShort={compact}
          least={4}
          every={every}
        />
      </div>
    </section>
  );
}

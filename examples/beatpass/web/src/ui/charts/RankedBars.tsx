import css from './Charts.module.css';

interface Props {
  title: string;
  bars: { name: string; value: number }[];
  show: (value: number) => string;
}

/** The most first: names and numbers as text, the bars beside them. */
export function RankedBars({ title, bars, show }: Props) {
  const most = Math.max(1, ...bars.map((bar) => bar.value));
  return (
    <figure className={css.figure}>
      <figcaption className={css.caption}>{title}</figcaption>
      <ol className={`plain ${css.ranked}`}>
        {bars.map((bar) => (
          <li key={bar.name}>
            <span>{bar.name}</span>
            <span className="number">{show(bar.value)}</span>
            <span className={css.track} aria-hidden="true">
              <span style={{ width: `${(bar.value / most) * 100}%` }} />
            </span>
          </li>
        ))}
      </ol>
    </figure>
  );
}

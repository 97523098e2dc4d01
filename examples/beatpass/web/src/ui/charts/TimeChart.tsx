// Numbers over time, as an area or as columns. The picture is for eyes; the range input that lies over
// it is for the keyboard and for screen readers, and the table below says the same to everybody.
import { useState, type CSSProperties, type PointerEvent } from 'react';
import css from './Charts.module.css';
import { Numbers } from './Numbers';
import { Plot } from './Plot';
import { EDGE, ticks, type Point } from './scale';
import { useWidth } from './useWidth';

/** Half of what the widest name of a day takes. */
const TIP = 84;

interface Props {
  title: string;
  points: Point[];
  shape: 'area' | 'columns';
  color: string;
  /** A value in full, and one on the axis. */
  show: (value: number) => string;
  showShort: (value: number) => string;
  /** What the axis reaches at least, so that nothing much does not look like a lot. */
  least: number;
  every: string;
}

export function TimeChart({ title, points, shape, color, show, showShort, least, every }: Props) {
  const [box, width] = useWidth<HTMLDivElement>();
  const [active, setActive] = useState<number | null>(null);
  const last = points.length - 1;
  const inner = Math.max(1, width - EDGE.left - EDGE.right);
  const steps = ticks(Math.max(0, ...points.map((point) => point.value)), least);
  const x = (place: number) => EDGE.left + (inner * (place + 0.5)) / Math.max(1, points.length);
  const point = active === null ? undefined : points[Math.min(active, last)];

  function moved(event: PointerEvent<HTMLDivElement>) {
    const inside = event.clientX - event.currentTarget.getBoundingClientRect().left - EDGE.left;
    setActive(Math.max(0, Math.min(last, Math.floor((inside / inner) * points.length))));
  }

  return (
    <figure className={css.figure} style={{ '--series': color } as CSSProperties}>
      <figcaption className={css.caption}>
        <span className={css.swatch} data-shape={shape} aria-hidden="true" />
        {title}
      </figcaption>
      <div ref={box} className={css.box} onPointerMove={moved} onPointerDown={moved} onPointerLeave={() => setActive(null)}>
        <Plot points={points} shape={shape} steps={steps} width={width} x={x} active={active} showShort={showShort} />
        <input
          type="range"
          className={css.reach}
          aria-label={`${title}, one ${every} after another`}
          min={0}
          max={Math.max(0, last)}
          value={active ?? last}
          aria-valuetext={sayPoint(points[active ?? last], show)}
          onFocus={() => setActive(last)}
          onBlur={() => setActive(null)}
          onChange={(event) => setActive(Number(event.target.value))}
        />
        {point && active !== null && (
          <p className={css.tip} style={{ left: Math.max(TIP, Math.min(width - TIP, x(active))) }} aria-hidden="true">
            <span>{point.name}</span>
            <strong>{show(point.value)}</strong>
          </p>
        )}
      </div>
      <Numbers title={title} points={points} show={show} />
    </figure>
  );
}

const sayPoint = (point: Point | undefined, show: Props['show']) => (point ? `${point.name}: ${show(point.value)}` : '');

import { useId } from 'react';
import css from './Charts.module.css';
import { EDGE, HEIGHT, named, type Point } from './scale';

interface Props {
  points: Point[];
  shape: 'area' | 'columns';
  steps: number[];
  width: number;
  x: (place: number) => number;
  active: number | null;
  showShort: (value: number) => string;
}

const floor = HEIGHT - EDGE.bottom;

/** The picture alone. */
export function Plot({ points, shape, steps, width, x, active, showShort }: Props) {
  const top = steps.at(-1) ?? 1;
  const y = (value: number) => floor - ((floor - EDGE.top) * value) / top;
  const inner = width - EDGE.left - EDGE.right;
  const point = active === null ? undefined : points[active];
  return (
    <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} aria-hidden="true" focusable="false">
      {steps.map((step) => (
        <g key={step}>
          <line className={step ? css.grid : css.floor} x1={EDGE.left} x2={width - EDGE.right} y1={y(step)} y2={y(step)} />
          <text className={css.tick} x={EDGE.left - 8} y={y(step)} dy="0.32em" textAnchor="end">
            {showShort(step)}
          </text>
        </g>
      ))}
      {named(points.length, inner).map((place) => (
        <text key={place} className={css.tick} x={x(place)} y={HEIGHT - 6} textAnchor="middle">
          {points[place]?.label}
        </text>
      ))}
      {shape === 'area' ? (
        <Area points={points} x={x} y={y} />
      ) : (
        <Columns points={points} x={x} y={y} width={inner / Math.max(1, points.length)} active={active} />
      )}
      {point && active !== null && shape === 'area' && (
        <>
          <line className={css.cursor} x1={x(active)} x2={x(active)} y1={EDGE.top} y2={floor} />
          <circle className={css.dot} cx={x(active)} cy={y(point.value)} r={5} />
        </>
      )}
    </svg>
  );
}

interface Placed {
  points: Point[];
  x: (place: number) => number;
  y: (value: number) => number;
}

function Area({ points, x, y }: Placed) {
  const id = useId();
  const line = points.map((point, place) => `${place ? 'L' : 'M'}${x(place).toFixed(1)} ${y(point.value).toFixed(1)}`).join('');
  return (
    <>
      <linearGradient id={id} x1="0" x2="0" y1="0" y2="1">
        <stop offset="0" stopColor="var(--series)" stopOpacity="0.28" />
        <stop offset="1" stopColor="var(--series)" stopOpacity="0.02" />
      </linearGradient>
      {points.length > 1 && (
        <path d={`${line}L${x(points.length - 1)} ${floor}L${x(0)} ${floor}Z`} fill={`url(#${id})`} stroke="none" />
      )}
      <path className={css.line} d={line} />
    </>
  );
}

function Columns({ points, x, y, width, active }: Placed & { width: number; active: number | null }) {
  const thick = Math.max(2, Math.min(36, width * 0.68));
  return points.map((point, place) => {
    const high = floor - y(point.value);
    if (high <= 0) return null;
    const round = Math.min(3, thick / 2, high);
    return (
      <path
        key={point.name}
        className={active === null || active === place ? css.column : css.columnFaint}
        d={`M${x(place) - thick / 2} ${floor}v${-(high - round)}q0 ${-round} ${round} ${-round}h${thick - 2 * round}q${round} 0 ${round} ${round}v${high - round}Z`}
      />
    );
  });
}

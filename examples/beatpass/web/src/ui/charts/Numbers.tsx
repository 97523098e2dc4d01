import css from './Charts.module.css';
import type { Point } from './scale';

/** What a chart draws, as a table. */
export function Numbers({ title, points, show }: { title: string; points: Point[]; show: (value: number) => string }) {
  return (
    <details className={css.numbers}>
      <summary>
        Numbers<span className="visually-hidden"> of {title}</span>
      </summary>
      <div className={css.list} tabIndex={0} role="region" aria-label={`Numbers of ${title}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col" className="number">
                {title}
              </th>
            </tr>
          </thead>
          <tbody>
            {points.map((point) => (
              <tr key={point.name}>
                <td>{point.name}</td>
                <td className="number">{show(point.value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

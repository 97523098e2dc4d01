import { useState } from 'react';
import { Link } from 'react-router';
import type { Dashboard } from '../../api/types';
import { amount, count, percent } from '../../format';
import { Button } from '../../ui/Button';
import css from './Overview.module.css';

const SHOWN = 8;

/** Every beat of one's own, the one that earned most first. */
export function TopBeats({ tracks }: { tracks: Dashboard['tracks'] }) {
  const [isWhole, setWhole] = useState(false);
  const most = Math.max(1, ...tracks.map((track) => track.revenue_cents));
  return (
    <div className="card stack">
      <h2 id="top-beats" className={css.heading}>
        Beats by revenue
      </h2>
      <div className="scroll-x" tabIndex={0} role="region" aria-labelledby="top-beats">
        <table className={css.top}>
          <thead>
            <tr>
              <th scope="col">Beat</th>
              <th scope="col" className="number">
                Plays
              </th>
              <th scope="col" className="number">
                Sales
              </th>
              <th scope="col" className={`number ${css.spare}`}>
                Conversion
              </th>
              <th scope="col" className="number">
                Revenue
              </th>
            </tr>
          </thead>
          <tbody>
            {(isWhole ? tracks : tracks.slice(0, SHOWN)).map((track) => (
              <tr key={track.id}>
                <th scope="row">
                  <Link to={`/studio/beats/${track.id}`}>{track.title}</Link>
                  <span className={css.share} aria-hidden="true">
                    {track.revenue_cents > 0 && <span style={{ width: `${(track.revenue_cents / most) * 100}%` }} />}
                  </span>
                </th>
                <td className="number">{count(track.plays)}</td>
                <td className="number">{count(track.sales)}</td>
                <td className={`number ${css.spare}`}>{percent(track.conversion)}</td>
                <td className="number">{amount(track.revenue_cents)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {tracks.length > SHOWN && (
        <div>
          <Button kind="plain" size="small" onClick={() => setWhole(!isWhole)}>
            {isWhole ? 'Show fewer' : `Show all ${tracks.length}`}
          </Button>
        </div>
      )}
    </div>
  );
}

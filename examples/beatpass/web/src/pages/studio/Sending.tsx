import { Button } from '../../ui/Button';
import css from './BeatForm.module.css';

/** How much of it has left, and a way to stop it. */
export function Sending({ part, onCancel }: { part: number; onCancel: () => void }) {
  const percent = Math.floor(part * 100);
  return (
    <div className="stack tight">
      <div className="row between">
        <span id="sending" className="small">
          {percent < 100 ? `Uploading, ${percent} %` : 'Uploaded. The server is looking at it.'}
        </span>
        <Button kind="quiet" size="small" onClick={onCancel}>
          Stop the upload
        </Button>
      </div>
      <progress className={css.progress} aria-labelledby="sending" max={100} value={percent} />
    </div>
  );
}

// A file, chosen or dropped: the browser's own input under a larger target.
import { useRef, useState, type DragEvent, type ReactNode } from 'react';
import { fileSize } from '../format';
import { Frame } from './Field';
import css from './FilePick.module.css';
import { IconButton } from './Button';
import { Close, Upload } from './icons';

interface Props {
  label: string;
  hint: string;
  /** What the browser offers first, such as `image/png`. */
  accept: string;
  file: File | null;
  onFile: (file: File | null) => void;
  error?: string;
  required?: boolean;
  /** What is shown of the file that was chosen. */
  children?: ReactNode;
}

export function FilePick({ label, hint, accept, file, onFile, error, required, children }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);

  function dropped(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    const [first] = event.dataTransfer.files;
    if (first) onFile(first);
  }

  function clear() {
    if (input.current) input.current.value = '';
    onFile(null);
    input.current?.focus();
  }

  return (
    <Frame label={label} hint={hint} error={error} required={required}>
      {({ id, describedBy, isInvalid }) => (
        <div className="stack">
          <div
            className={`${css.zone} ${isOver ? css.over : ''} ${isInvalid ? css.wrong : ''}`}
            onDragOver={(event) => {
              event.preventDefault();
              setOver(true);
            }}
            onDragLeave={() => setOver(false)}
            onDrop={dropped}
          >
            <input
              ref={input}
              id={id}
              type="file"
              accept={accept}
              className={css.input}
              aria-describedby={describedBy}
              aria-invalid={isInvalid || undefined}
              onChange={(event) => {
                const [first] = event.target.files ?? [];
                if (first) onFile(first);
              }}
            />
            <Upload />
            <Chosen file={file} />
          </div>
          {file && (
            <div className={css.chosen}>
              <div className={css.shown}>{children}</div>
              <IconButton label={`Remove ${file.name}`} onClick={clear}>
                <Close size={18} />
              </IconButton>
            </div>
          )}
        </div>
      )}
    </Frame>
  );
}

const Chosen = ({ file }: { file: File | null }) => (
  <p className={css.words} aria-hidden="true">
    {file && <strong>{file.name}</strong>}
    {!file && <strong className={css.withMouse}>Drop a file here</strong>}
    {!file && <strong className={css.withFinger}>Choose a file</strong>}
    {file && <span className="small muted">{fileSize(file.size)} · choose another</span>}
    {!file && <span className={`small muted ${css.withMouse}`}>or choose one</span>}
  </p>
);

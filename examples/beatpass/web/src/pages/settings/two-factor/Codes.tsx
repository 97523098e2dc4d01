import { useEffect, useRef } from 'react';
import { Button } from '../../../ui/Button';
import { CopyButton } from '../../../ui/CopyButton';
import css from './TwoFactor.module.css';

/** The recovery codes, the one time that they are shown. */
export function Codes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), []);
  const text = `${codes.join('\n')}\n`;

  function download() {
    const address = URL.createObjectURL(new Blob([`Recovery codes for BeatPass\n\n${text}`], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = address;
    link.download = 'beatpass-recovery-codes.txt';
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }

  return (
    <div className={`card stack ${css.codes}`}>
      <h2 ref={head} tabIndex={-1} className={css.head}>
        Keep these recovery codes
      </h2>
      <p>
        Each of them signs you in once when your phone is gone. <strong>You see them this once.</strong>
      </p>
      <ul className={css.list} aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className={`row ${css.noPrint}`}>
        <CopyButton text={text}>Copy codes</CopyButton>
        <Button kind="plain" size="small" onClick={download}>
          Download
        </Button>
        <Button kind="plain" size="small" onClick={() => window.print()}>
          Print
        </Button>
      </div>
      <div className={css.noPrint}>
        <Button onClick={onDone}>I have saved them</Button>
      </div>
    </div>
  );
}

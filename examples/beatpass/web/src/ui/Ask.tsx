import type { ReactNode } from 'react';
import { Button } from './Button';
import { Dialog } from './Dialog';

interface Props {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  /** What is done, as the button says it. */
  action: string;
  onConfirm: () => void;
  isBusy: boolean;
  error?: string;
  isDangerous?: boolean;
  children: ReactNode;
}

/** Asks before something that is not easily undone. */
export function Ask({ title, isOpen, onClose, action, onConfirm, isBusy, error, isDangerous = true, children }: Props) {
  return (
    <Dialog title={title} isOpen={isOpen} onClose={onClose}>
      <div className="stack">{children}</div>
      {error && (
        <p className="notice bad" role="alert">
          {error}
        </p>
      )}
      <div className="row end">
        <Button kind="quiet" onClick={onClose}>
          Cancel
        </Button>
        <Button kind={isDangerous ? 'danger' : 'main'} isBusy={isBusy} onClick={onConfirm}>
          {action}
        </Button>
      </div>
    </Dialog>
  );
}

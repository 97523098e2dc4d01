import type { ReactNode } from 'react';
import type { ApiError } from '../../api/client';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Refused } from '../../ui/Refused';

interface Props {
  title: string;
  action: string;
  isOpen: boolean;
  isBusy: boolean;
  error: ApiError | undefined;
  onClose: () => void;
  onSure: () => void;
  children: ReactNode;
}

/** Asks before something that cannot be taken back. */
export function Sure({ title, action, isOpen, isBusy, error, onClose, onSure, children }: Props) {
  return (
    <Dialog title={title} isOpen={isOpen} onClose={onClose}>
      <p className="muted">{children}</p>
      <Refused error={error} />
      <div className="row end">
        <Button kind="quiet" onClick={onClose}>
          Cancel
        </Button>
        <Button kind="danger" isBusy={isBusy} onClick={onSure}>
          {action}
        </Button>
      </div>
    </Dialog>
  );
}

import type { ReactNode } from 'react';
import type { ApiError } from '../../api/client';
import { Ask } from '../../ui/Ask';

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
export function Sure({ error, onSure, children, ...asked }: Props) {
  return (
    <Ask {...asked} error={error?.message} onConfirm={onSure}>
      <p className="muted">{children}</p>
    </Ask>
  );
}

import { useEffect, useId, useRef, type ReactNode } from 'react';
import { Close } from './icons';
import { IconButton } from './Button';
import css from './Dialog.module.css';

interface Props {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** The browser's own modal dialog: it keeps the focus in, and gives it back. */
export function Dialog({ title, isOpen, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();

  useEffect(() => {
    const element = dialog.current;
    if (isOpen && !element?.open) {
      element?.showModal();
      // Whoever is asked something is in its field at once; the browser would choose the button that closes.
      element?.querySelector<HTMLElement>('input, select, textarea')?.focus();
    }
    if (!isOpen && element?.open) element.close();
  }, [isOpen]);

  return (
    <dialog
      ref={dialog}
      className={css.dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        // A file's picker that is closed says so up to here.
        if (event.target !== dialog.current) return;
        event.preventDefault();
        onClose();
      }}
      // Whatever the browser closes by itself is closed.
      onClose={(event) => event.target === dialog.current && isOpen && onClose()}
      onMouseDown={(event) => event.target === dialog.current && onClose()}
    >
      {isOpen && (
        <div className={css.inside}>
          <div className={css.head}>
            <h2 id={id}>{title}</h2>
            <IconButton label="Close" onClick={onClose}>
              <Close />
            </IconButton>
          </div>
          {children}
        </div>
      )}
    </dialog>
  );
}

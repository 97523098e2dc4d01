// Short news in a corner: said by screen readers, gone after a while.
import { createContext, useCallback, useContext, useState, type ReactNode } from 'react';
import css from './Toast.module.css';

type Tell = (text: string, kind?: 'good' | 'bad') => void;
const Context = createContext<Tell>(() => {});
const STAYS = 5000;

export function ToastProvider({ children }: { children: ReactNode }) {
  const [news, setNews] = useState<{ id: number; text: string; kind: string }[]>([]);

  const tell = useCallback<Tell>((text, kind = 'good') => {
    const id = Date.now() + Math.random();
    setNews((all) => [...all.slice(-2), { id, text, kind }]);
    setTimeout(() => setNews((all) => all.filter((one) => one.id !== id)), STAYS);
  }, []);

  return (
    <Context value={tell}>
      {children}
      <div className={css.corner} role="status" aria-live="polite">
        {news.map((one) => (
          <p key={one.id} className={`${css.toast} ${css[one.kind]}`}>
            {one.text}
          </p>
        ))}
      </div>
    </Context>
  );
}

export const useToast = (): Tell => useContext(Context);

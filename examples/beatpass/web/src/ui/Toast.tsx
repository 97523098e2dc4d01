// Short news in a corner: said by screen readers. What is good goes after a while, what is bad stays
// until somebody has read it.
import { createContext, useCallback, useContext, useState, type ReactNode } from 'react';
import { IconButton } from './Button';
import { Close } from './icons';
import css from './Toast.module.css';

type Kind = 'good' | 'bad';
type Tell = (text: string, kind?: Kind) => void;
const Context = createContext<Tell>(() => {});
const STAYS = 5000;

interface News {
  id: number;
  text: string;
  kind: Kind;
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [news, setNews] = useState<News[]>([]);
  const drop = useCallback((id: number) => setNews((all) => all.filter((one) => one.id !== id)), []);

  const tell = useCallback<Tell>(
    (text, kind = 'good') => {
      const id = Date.now() + Math.random();
      setNews((all) => [...all.filter((one) => one.text !== text).slice(-2), { id, text, kind }]);
      if (kind === 'good') setTimeout(() => drop(id), STAYS);
    },
    [drop],
  );

  return (
    <Context value={tell}>
      {children}
      <div className={css.corner}>
        <div className={css.kind} role="alert">
          {news.filter(({ kind }) => kind === 'bad').map((one) => (
            <div key={one.id} className={`${css.toast} ${css.bad}`}>
              <p>{one.text}</p>
              <IconButton label="Dismiss" onClick={() => drop(one.id)}>
                <Close size={18} />
              </IconButton>
            </div>
          ))}
        </div>
        <div className={css.kind} role="status">
          {news.filter(({ kind }) => kind === 'good').map((one) => (
            <p key={one.id} className={css.toast}>
              {one.text}
            </p>
          ))}
        </div>
      </div>
    </Context>
  );
}

export const useToast = (): Tell => useContext(Context);

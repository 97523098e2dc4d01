import css from './Inbox.module.css';

/** The first letter of a name in a colour of its own. */
export function Face({ name, seed }: { name: string; seed: number }) {
  return (
    <span className={css.face} style={{ background: `hsl(${(seed * 47) % 360} 45% 34%)` }} aria-hidden="true">
      {[...name][0]?.toUpperCase() ?? '?'}
    </span>
  );
}

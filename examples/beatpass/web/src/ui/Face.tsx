import css from './Face.module.css';

interface Props {
  name: string;
  seed: number;
  size?: 'small' | 'normal' | 'large';
}

/** Somebody's initial on a colour of their own, beside their name. */
export function Face({ name, seed, size = 'normal' }: Props) {
  return (
    <span className={`${css.face} ${css[size] ?? ''}`} style={{ background: `hsl(${(seed * 47) % 360} 45% 32%)` }} aria-hidden="true">
      {[...name][0]?.toUpperCase()}
    </span>
  );
}

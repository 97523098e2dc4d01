import { asset } from '../api/client';
import css from './Cover.module.css';

interface Props {
  url: string | null;
  /** What has no picture gets colours of its own. */
  seed: number;
  className?: string;
}

/** A square picture beside a title; it says nothing by itself. */
export function Cover({ url, seed, className = '' }: Props) {
  if (url) {
    return <img className={`${css.cover} ${className}`} src={asset(url)} alt="" loading="lazy" width={600} height={600} />;
  }
  const hue = (seed * 47) % 360;
  return (
    <span
      className={`${css.cover} ${className}`}
      style={{ background: `linear-gradient(135deg, hsl(${hue} 60% 45%), hsl(${(hue + 70) % 360} 65% 30%))` }}
      aria-hidden="true"
    />
  );
}

// One stroke, one size: pictures beside words, or in buttons that have a label.
import type { ReactNode } from 'react';

const icon = (paths: ReactNode, isFilled = false) =>
  function Icon({ size = 20 }: { size?: number }) {
    return (
      <svg
        width={size}
        height={size}
        viewBox="0 0 24 24"
        fill={isFilled ? 'currentColor' : 'none'}
        stroke={isFilled ? 'none' : 'currentColor'}
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
        focusable="false"
      >
        {paths}
      </svg>
    );
  };

export const Play = icon(<path d="M7 4.5v15a1 1 0 0 0 1.5.87l12.5-7.5a1 1 0 0 0 0-1.74L8.5 3.63A1 1 0 0 0 7 4.5z" />, true);
export const Pause = icon(<path d="M6 4h4v16H6zM14 4h4v16h-4z" />, true);
export const Next = icon(<path d="M5 5v14l10-7zM17 5h2.5v14H17z" />, true);
export const Previous = icon(<path d="M19 5v14L9 12zM4.5 5H7v14H4.5z" />, true);
export const Search = icon(<><circle cx="11" cy="11" r="7" /><path d="m20 20-3.9-3.9" /></>);
export const Close = icon(<path d="M6 6l12 12M18 6 6 18" />);
export const Menu = icon(<path d="M4 7h16M4 12h16M4 17h16" />);
export const Sliders = icon(<><path d="M4 7h9M19 7h1M4 17h1M11 17h9" /><circle cx="16" cy="7" r="3" /><circle cx="8" cy="17" r="3" /></>);
export const Back = icon(<path d="M19 12H5M11 6l-6 6 6 6" />);
export const Copy = icon(<><rect x="9" y="9" width="11" height="11" rx="2" /><path d="M5 15H4V5a1 1 0 0 1 1-1h10v1" /></>);
export const Person = icon(<><circle cx="12" cy="8" r="4" /><path d="M4 21c1.2-4 4.2-6 8-6s6.8 2 8 6" /></>);
export const Mail = icon(<><rect x="3" y="5" width="18" height="14" rx="2" /><path d="m4 7 8 6 8-6" /></>);
export const Upload = icon(<path d="M12 16V4M7 9l5-5 5 5M4 20h16" />);
export const Download = icon(<path d="M12 4v12M7 11l5 5 5-5M4 20h16" />);
export const Check = icon(<path d="m5 12.5 4.5 4.5L19 7.5" />);
export const Volume = icon(<><path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5z" /><path d="M15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11" /></>);
export const Muted = icon(<><path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5z" /><path d="m16 10 5 5M21 10l-5 5" /></>);
export const Shield = icon(<path d="M12 3 5 6v5c0 4.5 2.9 8.3 7 10 4.1-1.7 7-5.5 7-10V6z" />);
export const Plus = icon(<path d="M12 5v14M5 12h14" />);
export const Trash = icon(<path d="M4 7h16M9 7V4h6v3M6.5 7l1 13h9l1-13" />);
export const Pencil = icon(<path d="M4 20l1-4L16.5 4.5l3 3L8 19zM14 7l3 3" />);
export const Arrow = icon(<path d="M5 12h14M13 6l6 6-6 6" />);
export const Card = icon(<><rect x="3" y="5" width="18" height="14" rx="2" /><path d="M3 10h18M7 15h4" /></>);
export const Key = icon(<><circle cx="8" cy="15" r="4.5" /><path d="M11.2 11.8 20 3M16 7l3 3M13.5 9.5l2 2" /></>);
export const Laptop = icon(<><rect x="5" y="5" width="14" height="10" rx="1.5" /><path d="M2.5 19h19" /></>);
export const Phone = icon(<><rect x="7" y="3" width="10" height="18" rx="2" /><path d="M11 18h2" /></>);
export const Link = icon(<path d="M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7L12 7M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7L12 17" />);
export const List = icon(<path d="M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01" />);
export const Lock = icon(<><rect x="5" y="11" width="14" height="9" rx="2" /><path d="M8 11V8a4 4 0 0 1 8 0v3" /></>);

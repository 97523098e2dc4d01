import type { ReactNode } from 'react';
import { asset } from '../../api/client';
import type { Track } from '../../api/types';
import { price } from '../../format';
import { useSession } from '../../session/Session';
import { ButtonLink, DownloadLink } from '../../ui/Button';
import { Pencil } from '../../ui/icons';
import css from './Beat.module.css';

/** What a beat costs, or what one can do with it when it is one's own. */
export function BuyBox({ track }: { track: Track }) {
  const { user } = useSession();
  const { id, title } = track;
  const buy = `/beats/${id}/buy`;
  if (track.is_mine) {
    return (
      <Box says="Your own beat" note={offered(track)}>
        <ButtonLink to={`/studio/beats/${id}`}>
          <Pencil size={18} /> Edit
        </ButtonLink>
        {track.download_url && <DownloadLink href={asset(track.download_url)} title={title} kind="plain" />}
      </Box>
    );
  }
  if (track.purchased) {
    return (
      <Box says="It is yours" note="You bought this beat.">
        {track.download_url && <DownloadLink href={asset(track.download_url)} title={title} />}
        <ButtonLink to="/library" kind="plain">
          Library
        </ButtonLink>
      </Box>
    );
  }
  if (track.purchase_status === 'processing') {
    return (
      <Box says={price(track.price_cents)} note="Your payment is on its way.">
        <ButtonLink to={buy}>See how it stands</ButtonLink>
      </Box>
    );
  }
  if (track.purchase_status === 'refunded') {
    return (
      <Box says={price(track.price_cents)} note="You bought this beat, and it was refunded.">
        <ButtonLink to="/library" kind="plain">
          Library
        </ButtonLink>
      </Box>
    );
  }
  if (!track.audio_url) {
    return <Box says={price(track.price_cents)} note="It can be bought when its sound is here." />;
  }
  const note = track.price_cents === 0 ? 'Yours for nothing' : 'Paid once, yours to keep';
  return (
    <Box says={price(track.price_cents)} note={note}>
      <ButtonLink to={user ? buy : `/sign-in?next=${encodeURIComponent(buy)}`} size="large">
        {track.price_cents === 0 ? 'Get it' : 'Buy'}
      </ButtonLink>
    </Box>
  );
}

/** On what terms others get one's own beat. */
function offered({ is_published, price_cents }: Track): string {
  if (is_published === false) return 'Not for sale: it is not published';
  return price_cents === 0 ? 'Free for everybody' : `For sale at ${price(price_cents)}`;
}

function Box({ says, note, children }: { says: string; note: string; children?: ReactNode }) {
  return (
    <div className={`card row between ${css.box}`}>
      <div>
        <p className={css.price}>{says}</p>
        <p className="small muted">{note}</p>
      </div>
      {children && <div className="row">{children}</div>}
    </div>
  );
}

import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { tracks } from '../../api/catalogue';
import { Button, ButtonLink } from '../../ui/Button';
import { Cover } from '../../ui/Cover';
import { PlayButton } from '../../ui/PlayButton';
import css from './Hero.module.css';

/** What this is, in one sentence, and the way in. */
export function Hero() {
  const go = useNavigate();
  const [text, setText] = useState('');

  function search(event: FormEvent) {
    event.preventDefault();
    go(text.trim() ? `/find?q=${encodeURIComponent(text.trim())}` : '/explore');
  }

  return (
    <div className={css.hero}>
      <div className={css.inside}>
        <div className={css.words}>
          <h1 className={css.sentence}>Find the beat your next song starts with.</h1>
          <p className={css.more}>Hear every beat in full, buy the one you want, and keep the file.</p>
          <form role="search" aria-label="Find a beat" className={css.search} onSubmit={search}>
            <input
              type="search"
              aria-label="Title, mood, tag or producer"
              placeholder="Title, mood, tag or producer"
              value={text}
              maxLength={100}
              onChange={(event) => setText(event.target.value)}
            />
            <Button type="submit">Find beats</Button>
          </form>
          <div className="row">
            <ButtonLink to="/explore" kind="plain">
              Explore all beats
            </ButtonLink>
            <ButtonLink to="/studio/upload" kind="quiet">
              Sell your own
            </ButtonLink>
          </div>
        </div>
        <Covers />
      </div>
    </div>
  );
}

/** Three of the most played, as a hand of records; the one in front plays. */
function Covers() {
  const { data } = useQuery(tracks({ sort: '-plays', per_page: 6 }));
  const [front, ...behind] = data?.data.slice(0, 3) ?? [];
  return (
    <div className={css.covers}>
      {behind.map((track) => (
        <Cover key={track.id} url={track.cover_url} seed={track.id} className={css.behind} />
      ))}
      {front && (
        <div className={css.front}>
          <Cover url={front.cover_url} seed={front.id} />
          <div className={css.label}>
            <span>
              <strong>{front.title}</strong>
              <span className="small">{front.artist.name}</span>
            </span>
            <PlayButton track={front} list={data?.data} />
          </div>
        </div>
      )}
    </div>
  );
}

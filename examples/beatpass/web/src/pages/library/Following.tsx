import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { following } from '../../api/catalogue';
import { plural } from '../../format';
import { ArtistCard } from '../../ui/ArtistCard';
import { ButtonLink } from '../../ui/Button';
import { FollowButton } from '../../ui/FollowButton';
import { Pager } from '../../ui/Pager';
import { Empty, Failed, Loading } from '../../ui/States';
import { useListParams } from '../../ui/useListParams';
import people from '../home/Home.module.css';

export function Following() {
  const list = useListParams();
  const heading = useRef<HTMLHeadingElement>(null);
  const { data, error, refetch } = useQuery(following({ page: list.page, per_page: 24 }));
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading lines={4} />;
  if (data.meta.total === 0) {
    return (
      <Empty title="You follow nobody yet" action={<ButtonLink to="/producers">Look at producers</ButtonLink>}>
        What those you follow make is on your start page.
      </Empty>
    );
  }
  return (
    <>
      <h2 ref={heading} tabIndex={-1} className="visually-hidden">{plural(data.meta.total, 'producer')}</h2>
      <ul className={`plain ${people.people}`}>
        {data.data.map((artist) => (
          <li key={artist.id}>
            <ArtistCard artist={artist} action={<FollowButton artist={artist} isFollowed size="small" onDone={() => heading.current?.focus()} />} />
          </li>
        ))}
      </ul>
      <Pager meta={data.meta} onPage={list.turn} />
    </>
  );
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { put, sentence } from '../../api/client';
import type { Track } from '../../api/types';
import { compact, price } from '../../format';
import { Button } from '../../ui/Button';
import { Cover } from '../../ui/Cover';
import { Select } from '../../ui/Field';
import rows from '../../ui/Rows.module.css';
import { useToast } from '../../ui/Toast';
import { useListParams } from '../../ui/useListParams';
import { usePageTitle } from '../../ui/usePageTitle';
import { AdminList } from './AdminList';
import css from './Backstage.module.css';

const WHICH = [
  { value: '', label: 'All beats' },
  { value: 'true', label: 'Published' },
  { value: 'false', label: 'Not published' },
];

export function Beats() {
  usePageTitle('Beats');
  const list = useListParams();
  const published = list.read('published');
  return (
    <AdminList<Track>
      title="Beats"
      noun="beat"
      path="/admin/tracks"
      list={list}
      query={{ 'filter[published]': published || undefined }}
      keyOf={(track) => track.id}
      row={(track) => <Row track={track} />}
      tools={
        <Select label="Show" value={published} onChange={(value) => list.set({ published: value })} options={WHICH} required />
      }
    />
  );
}

function Row({ track }: { track: Track }) {
  const tell = useToast();
  const queries = useQueryClient();
  const isPublished = track.is_published !== false;
  const turn = useMutation({
    mutationFn: () => put(`/admin/tracks/${track.id}`, { is_published: !isPublished }),
    onSuccess: async () => {
      await queries.invalidateQueries();
      tell(isPublished ? `“${track.title}” is hidden from everybody but its producer.` : `“${track.title}” is published.`);
    },
    onError: (error) => tell(sentence(error), 'bad'),
  });
  return (
    <>
      <Cover url={track.cover_url} seed={track.id} className={css.picture} />
      <div className={rows.words}>
        <p className={rows.title}>
          {isPublished ? <Link to={`/beats/${track.id}`}>{track.title}</Link> : track.title}
          <span className={`tag ${isPublished ? 'good' : ''}`}>{isPublished ? 'Published' : 'Not published'}</span>
        </p>
        <p className={rows.sub}>
          <Link to={`/producers/${track.artist.id}`}>{track.artist.name}</Link>
        </p>
      </div>
      <dl className={`${rows.facts} ${css.wideFacts}`}>
        <div>
          <dt>Price</dt>
          <dd>{price(track.price_cents)}</dd>
        </div>
        <div>
          <dt>Plays</dt>
          <dd>{compact(track.plays)}</dd>
        </div>
      </dl>
      <div className={`${rows.actions} ${css.lastAction}`}>
        <Button
          kind="plain"
          size="small"
          isBusy={turn.isPending}
          onClick={() => turn.mutate()}
          label={`${isPublished ? 'Unpublish' : 'Publish'} ${track.title}`}
        >
          {isPublished ? 'Unpublish' : 'Publish'}
        </Button>
      </div>
    </>
  );
}

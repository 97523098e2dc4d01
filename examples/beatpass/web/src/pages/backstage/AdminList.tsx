import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent, type Key, type ReactNode } from 'react';
import { ApiError, get } from '../../api/client';
import type { Page } from '../../api/types';
import { plural } from '../../format';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { Pager } from '../../ui/Pager';
import rows from '../../ui/Rows.module.css';
import { Empty, Failed, Loading } from '../../ui/States';
import type { useListParams } from '../../ui/useListParams';
import css from './Backstage.module.css';
import { NotForYou } from './NotForYou';

interface Props<T> {
  title: string;
  noun: string;
  path: string;
  list: ReturnType<typeof useListParams>;
  query: Record<string, unknown>;
  keyOf: (item: T) => Key;
  row: (item: T) => ReactNode;
  /** What narrows it. */
  tools?: ReactNode;
  about?: string;
}

/** A list of the administration: its number, what narrows it, its rows and pages. */
export function AdminList<T>({ title, noun, path, list, query, keyOf, row, tools, about }: Props<T>) {
  const { data, error, refetch } = useQuery({
    queryKey: ['admin', path, list.page, query],
    queryFn: () => get<Page<T>>(path, { page: list.page, ...query }),
    placeholderData: keepPreviousData,
  });
  // The role was taken away while the page was open.
  if (error instanceof ApiError && error.status === 403) return <NotForYou />;
  return (
    <div className="stack">
      <div className={css.head}>
        <div className="stack tight">
          <h1>{title}</h1>
          <p className="muted" role="status">
            {data ? plural(data.meta.total, noun) : ' '}
          </p>
        </div>
        {tools}
      </div>
      {about && <p className="muted">{about}</p>}
      {!data && error && <Failed error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading lines={6} label={`Loading ${title.toLowerCase()}`} />}
      {data?.data.length === 0 && <Empty title="Nothing here">There is nothing to show.</Empty>}
      {data && data.data.length > 0 && (
        <ul className={`plain ${rows.rows}`}>
          {data.data.map((item) => (
            <li key={keyOf(item)} className={rows.row}>
              {row(item)}
            </li>
          ))}
        </ul>
      )}
      {data && <Pager meta={data.meta} onPage={list.turn} />}
    </div>
  );
}

/** Looks when it is asked to, not at every letter. */
export function SearchField({ label, value, onSearch }: { label: string; value: string; onSearch: (text: string) => void }) {
  const [text, setText] = useState(value);
  return (
    <form
      className={css.search}
      role="search"
      noValidate
      aria-label="Find"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        onSearch(text.trim());
      }}
    >
      <Field label={label} type="search" value={text} onChange={setText} maxLength={255} required />
      <Button type="submit" kind="plain">
        Search
      </Button>
    </form>
  );
}

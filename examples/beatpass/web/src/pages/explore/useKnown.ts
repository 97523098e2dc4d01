import { useQuery } from '@tanstack/react-query';
import { tracks } from '../../api/catalogue';

/** The moods and keys that beats have: those of the hundred most played, as nobody lists them all. */
export function useKnown(): { moods: string[]; keys: string[] } {
  const { data } = useQuery({ ...tracks({ sort: '-plays', per_page: 100 }), staleTime: 300_000 });
  const beats = data?.data ?? [];
  return { moods: distinct(beats.map((beat) => beat.mood)), keys: distinct(beats.map((beat) => beat.key)) };
}

const distinct = (values: (string | null)[]): string[] =>
  [...new Set(values.filter((value) => value !== null))].sort((one, other) => one.localeCompare(other));

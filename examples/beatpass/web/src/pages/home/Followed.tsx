import { useQueries, useQuery } from '@tanstack/react-query';
import { following, tracks } from '../../api/catalogue';
import { Section } from '../../ui/Section';
import { TrackGrid } from '../../ui/TrackCard';

const PRODUCERS = 4;
const BEATS = 5;

/** The newest of what those made whom a member follows; nothing as long as there is none. */
export function Followed() {
  const { data } = useQuery(following({ per_page: PRODUCERS }));
  const beats = useQueries({
    queries: (data?.data ?? []).map((artist) =>
      tracks({ 'filter[artist]': artist.id, sort: '-created_at', per_page: BEATS }),
    ),
    combine: (answers) =>
      answers
        .flatMap((answer) => answer.data?.data ?? [])
        .sort((one, other) => other.created_at.localeCompare(one.created_at))
        .slice(0, BEATS),
  });
  if (beats.length === 0) return null;
  return (
    <Section title="From those you follow" more={{ to: '/library?view=following', label: 'Whom you follow' }}>
      <TrackGrid tracks={beats} />
    </Section>
  );
}

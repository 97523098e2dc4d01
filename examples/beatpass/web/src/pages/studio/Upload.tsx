import type { Track } from '../../api/types';
import { usePageTitle } from '../../ui/usePageTitle';
import { BeatForm } from './BeatForm';
import { EMPTY, formOf } from './beat';

export function Upload() {
  usePageTitle('Upload a beat');
  return (
    <BeatForm
      title="Upload a beat"
      action="Upload"
      initial={EMPTY}
      isNew
      send={(values, files, sending) => sending.send<Track>('POST', '/tracks', formOf(values, files))}
      news={(saved, { isPublished }) => (isPublished ? `“${saved.title}” is published.` : `“${saved.title}” is uploaded.`)}
    />
  );
}

import { useEffect, useState } from 'react';
import { FilePick } from '../../ui/FilePick';
import type { Errors, Files } from './beat';
import css from './BeatFiles.module.css';

const AUDIO = { most: 50_000_000, types: ['mp3', 'wav', 'flac', 'ogg', 'm4a'] };
const COVER = { most: 5_000_000, types: ['png', 'jpg', 'jpeg', 'webp'] };

interface Props {
  files: Files;
  errors: Errors;
  onFiles: (changes: Partial<Files>) => void;
  /** A sentence about a file that is not taken; nothing when it is. */
  onError: (field: 'audio' | 'cover', said: string | undefined) => void;
  /** A beat that is there already keeps its files until others are chosen. */
  isNew?: boolean;
}

/** The sound and the picture: chosen, checked, heard and seen before they leave. */
export function BeatFiles({ files, errors, onFiles, onError, isNew = false }: Props) {
  function taken(field: 'audio' | 'cover', file: File | null) {
    const fault = file ? wrong(file, field === 'audio' ? AUDIO : COVER) : undefined;
    onError(field, fault);
    onFiles({ [field]: fault ? null : file });
  }
  return (
    <div className="stack">
      <FilePick
        label={isNew ? 'Audio' : 'New audio'}
        hint="MP3, WAV, FLAC, OGG or M4A, up to 50 MB"
        accept=".mp3,.wav,.flac,.ogg,.m4a,audio/*"
        file={files.audio}
        onFile={(file) => taken('audio', file)}
        error={errors.audio}
        required={isNew}
      >
        {files.audio && <Hear file={files.audio} />}
      </FilePick>
      <FilePick
        label={isNew ? 'Cover' : 'New cover'}
        hint="PNG, JPEG or WebP, up to 5 MB. A square looks best."
        accept=".png,.jpg,.jpeg,.webp,image/png,image/jpeg,image/webp"
        file={files.cover}
        onFile={(file) => taken('cover', file)}
        error={errors.cover}
      >
        {files.cover && <Preview file={files.cover} />}
      </FilePick>
    </div>
  );
}

function wrong(file: File, allowed: typeof AUDIO): string | undefined {
  const ending = file.name.split('.').at(-1)?.toLowerCase() ?? '';
  if (!allowed.types.includes(ending)) {
    return `“${file.name}” is no ${allowed === AUDIO ? 'audio file that we can take' : 'picture that we can take'}.`;
  }
  if (file.size > allowed.most) return `It is larger than ${allowed.most / 1_000_000} MB.`;
  return undefined;
}

export const coverFault = (file: File): string | undefined => wrong(file, COVER);

/** An address for a file that is still on this machine. */
function useAddress(file: File): string | undefined {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return address;
}

function Hear({ file }: { file: File }) {
  const address = useAddress(file);
  const [mute, setMute] = useState<string>();
  if (address && mute === address) return <p className="small muted">Your browser cannot play this file before it is uploaded.</p>;
  return (
    <audio
      className={css.audio}
      controls
      src={address}
      aria-label={`Listen to ${file.name}`}
      onError={() => setMute(address)}
    />
  );
}

export function Preview({ file }: { file: File }) {
  const address = useAddress(file);
  return <img className={css.cover} src={address} alt="The cover that you chose" width={240} height={240} />;
}

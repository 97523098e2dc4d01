import type { ApiError } from '../api/client';

interface Props {
  error: ApiError | undefined;
  /** The fields that say by themselves what is wrong with them. */
  fields?: string[];
}

/** What was refused, where no field says it. */
export function Refused({ error, fields = [] }: Props) {
  if (!error || fields.some((field) => error.field(field))) return null;
  return (
    <p className="notice bad" role="alert" tabIndex={-1} data-refused>
      {error.message}
    </p>
  );
}

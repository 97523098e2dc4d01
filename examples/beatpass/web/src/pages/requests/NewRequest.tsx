import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { genres } from '../../api/catalogue';
import { byField, post, sentence } from '../../api/client';
import type { BeatRequest } from '../../api/types';
import { cents } from '../../format';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field, TextArea } from '../../ui/Field';
import { useToast } from '../../ui/Toast';
import { useFirstInvalid } from '../../ui/useFirstInvalid';
import css from './Requests.module.css';
import { budgetFault } from './amounts';
import { tomorrow } from './days';

const EMPTY = { title: '', details: '', genre: '', budget: '', deadline: '' };

export function NewRequest({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog title="Post a request" isOpen={isOpen} onClose={onClose}>
      <Form onClose={onClose} />
    </Dialog>
  );
}

function Form({ onClose }: { onClose: () => void }) {
  const go = useNavigate();
  const tell = useToast();
  const queries = useQueryClient();
  const [values, setValues] = useState(EMPTY);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const form = useFirstInvalid(errors);

  const ask = useMutation({
    mutationFn: () =>
      post<BeatRequest>('/beat-requests', {
        title: values.title.trim(),
        details: values.details.trim() || null,
        genre: values.genre.trim() || null,
        budget_cents: cents(values.budget),
        deadline: values.deadline || null,
      }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['requests'] });
      tell('Your request is posted.');
    },
    onError: (error) => setErrors(byField(error)),
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (ask.isPending) return;
    const wrong: Record<string, string> = {};
    if (!values.title.trim()) wrong.title = 'Say in a few words what you need.';
    const budget = budgetFault(values.budget);
    if (budget) wrong.budget_cents = budget;
    setErrors(wrong);
    if (Object.keys(wrong).length > 0) return;
    // Whoever has gone elsewhere meanwhile stays there.
    ask.mutate(undefined, { onSuccess: (made) => void go(`/requests/${made.id}`) });
  }

  return (
    <form ref={form} className="stack" noValidate onSubmit={submit}>
      <Fields values={values} errors={errors} onChange={(changes) => setValues((now) => ({ ...now, ...changes }))} />
      {ask.error && Object.keys(errors).length === 0 && (
        <p className="notice bad" role="alert">
          {sentence(ask.error)}
        </p>
      )}
      <div className="row end">
        <Button kind="quiet" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" isBusy={ask.isPending}>
          Post request
        </Button>
      </div>
    </form>
  );
}

interface FieldsProps {
  values: typeof EMPTY;
  errors: Record<string, string>;
  onChange: (changes: Partial<typeof EMPTY>) => void;
}

function Fields({ values, errors, onChange }: FieldsProps) {
  const known = useQuery(genres());
  const set = (name: keyof typeof EMPTY) => (value: string) => onChange({ [name]: value });
  return (
    <>
      <Field
        label="What do you need?"
        value={values.title}
        onChange={set('title')}
        error={errors.title}
        placeholder="Warm lo-fi for a study stream"
        maxLength={255}
        required
      />
      <TextArea label="Details" value={values.details} onChange={set('details')} error={errors.details} maxLength={4000} />
      <div className={css.pair}>
        <Field
          label="Budget"
          prefix="$"
          inputMode="decimal"
          value={values.budget}
          onChange={set('budget')}
          error={errors.budget_cents}
          required
        />
        <Field
          label="Genre"
          value={values.genre}
          onChange={set('genre')}
          error={errors.genre}
          suggestions={known.data?.data.map((genre) => genre.name) ?? []}
          maxLength={64}
        />
      </div>
      <Field
        label="Needed by"
        type="date"
        min={tomorrow()}
        value={values.deadline}
        onChange={set('deadline')}
        error={errors.deadline}
      />
    </>
  );
}

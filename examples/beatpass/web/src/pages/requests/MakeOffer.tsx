import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { myTracks } from '../../api/catalogue';
import { byField, post, sentence } from '../../api/client';
import type { BeatRequest, Offer } from '../../api/types';
import { cents, dollars } from '../../format';
import { Button } from '../../ui/Button';
import { Field, Select, TextArea } from '../../ui/Field';
import { useToast } from '../../ui/Toast';
import { useFirstInvalid } from '../../ui/useFirstInvalid';
import { budgetFault } from './amounts';

/** A producer's answer: one of their beats or a promise of one, a price and a few words. */
export function MakeOffer({ request }: { request: BeatRequest }) {
  const tell = useToast();
  const queries = useQueryClient();
  const [beat, setBeat] = useState('');
  const [wanted, setWanted] = useState(dollars(request.budget_cents));
  const [message, setMessage] = useState('');
  const [errors, setErrors] = useState<Record<string, string>>({});
  const form = useFirstInvalid(errors);
  const beats = useQuery(myTracks());
  const published = (beats.data?.data ?? []).filter((track) => track.is_published !== false);

  const offer = useMutation({
    mutationFn: () =>
      post<Offer>(`/beat-requests/${request.id}/offers`, {
        track_id: beat ? Number(beat) : null,
        price_cents: cents(wanted),
        message: message.trim(),
      }),
    onSuccess: async () => {
      tell('Your offer is sent.');
      await queries.invalidateQueries({ queryKey: ['requests'] });
      // The form gives way to the offer, and the focus goes with it.
      requestAnimationFrame(() => document.getElementById('offers')?.focus());
    },
    onError: (error) => setErrors(byField(error)),
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (offer.isPending) return;
    const wrong: Record<string, string> = {};
    const price = budgetFault(wanted);
    if (price) wrong.price_cents = price;
    if (!message.trim()) wrong.message = 'Say a few words about what you offer.';
    setErrors(wrong);
    if (Object.keys(wrong).length === 0) offer.mutate();
  }

  // What is about no field of this form is said as a sentence.
  const said = errors.beat_request ?? errors.status ?? (Object.keys(errors).length === 0 && offer.error ? sentence(offer.error) : '');
  return (
    <form ref={form} className="card stack" noValidate onSubmit={submit} aria-labelledby="make-offer">
      <h2 id="make-offer">Make an offer</h2>
      <Select
        label="Your beat"
        value={beat}
        onChange={setBeat}
        error={errors.track_id}
        options={[
          { value: '', label: 'One that I will make' },
          ...published.map((track) => ({ value: String(track.id), label: track.title })),
        ]}
      />
      <Field label="Price" prefix="$" inputMode="decimal" value={wanted} onChange={setWanted} error={errors.price_cents} required />
      <TextArea label="Message" value={message} onChange={setMessage} error={errors.message} maxLength={4000} required />
      {said && (
        <p className="notice bad" role="alert">
          {said}
        </p>
      )}
      <Button type="submit" isBusy={offer.isPending}>
        Send offer
      </Button>
    </form>
  );
}

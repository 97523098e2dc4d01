import type { PurchaseStatus } from '../api/types';

/** How a purchase stands: its word, and the colour that goes with it. */
const STATUS: Record<PurchaseStatus, { word: string; kind: string }> = {
  paid: { word: 'Paid', kind: 'good' },
  processing: { word: 'On its way', kind: 'warm' },
  pending: { word: 'Not paid yet', kind: '' },
  failed: { word: 'Failed', kind: 'bad' },
  refunded: { word: 'Refunded', kind: '' },
};

/** What a list of purchases can be narrowed to. */
export const PURCHASE_CHOICE = [
  { value: '', label: 'All purchases' },
  ...Object.entries(STATUS).map(([value, { word }]) => ({ value, label: word })),
];

export function PurchaseTag({ status }: { status: PurchaseStatus }) {
  const { word, kind } = STATUS[status];
  return <span className={`tag ${kind}`}>{word}</span>;
}

import { amountFault } from '../../format';

/** The highest budget and the highest offer, in cents. */
const HIGHEST = 10_000_000;

export const budgetFault = (text: string): string | undefined => amountFault(text, HIGHEST);

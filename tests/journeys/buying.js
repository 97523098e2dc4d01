// How a beat is bought with the practice card form.

import { expect } from '@playwright/test';

export const CARDS = {
  succeeds: '4242 4242 4242 4242',
  declined: '4000 0000 0000 0002',
  insufficient: '4000 0000 0000 9995',
};

/** Opens the counter for a beat of this name. */
export async function toTheCounter(page, title) {
  await page.goto(`/find?q=${encodeURIComponent(title)}`);
  const beats = page.getByRole('region', { name: 'Beats' });
  await beats.getByRole('link', { name: title, exact: true }).click();
  await page.getByRole('link', { name: 'Buy', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: `Buy ${title}` })).toBeVisible();
  await expect(pay(page)).toBeEnabled();
  return new URL(page.url()).pathname.split('/')[2];
}

export async function fillIn(page, number) {
  const card = page.getByRole('form', { name: 'Payment' });
  await card.getByLabel('Card number').fill(number);
  await card.getByLabel('Expires').fill('12 / 39');
  await card.getByLabel('Security code').fill('123');
}

export const pay = (page) => page.getByRole('button', { name: /^Pay \$/ });

/** Buys it, with a card that is good. */
export async function buy(page, title) {
  await toTheCounter(page, title);
  await fillIn(page, CARDS.succeeds);
  await pay(page).click();
  await expect(page.getByRole('heading', { level: 1, name: `${title} is yours` })).toBeVisible();
}

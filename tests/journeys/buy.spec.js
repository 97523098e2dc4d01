// A member buys a beat: two cards are refused, the third one is not, and the file is theirs.

import { readFile } from 'node:fs/promises';
import { CARDS, fillIn, pay, toTheCounter } from './buying.js';
import { expect, look, picture, test } from './journey.js';
import { join } from './people.js';

const TITLE = 'Night Drive';

test('a beat is bought with each of the test cards', async ({ page, watched }) => {
  await join(page, 'Vito');
  const id = await toTheCounter(page, TITLE);
  const confirm = `/tracks/${id}/purchase/confirm`;
  const said = page.getByRole('form', { name: 'Payment' }).getByRole('alert').filter({ hasText: /./ });
  await expect(page.getByText('Test mode: nobody is charged.')).toBeVisible();
  await look(page, 'buy');
  await fillIn(page, CARDS.succeeds);
  await picture(page, 'buying');

  await fillIn(page, '1234 1234 1234 1234');
  watched.refusal('POST /practice-stripe/v1/payment_methods', 402);
  await pay(page).click();
  await expect(said).toContainText('test cards only');

  for (const [card, words] of [
    [CARDS.declined, 'Your card was declined.'],
    [CARDS.insufficient, 'Your card has insufficient funds.'],
  ]) {
    watched.refusal(`POST ${confirm}`, 422);
    await fillIn(page, card);
    await pay(page).click();
    await expect(said).toContainText(words);
    await expect(page.getByLabel('Card number')).toBeFocused();
  }
  await look(page, 'buy-refused');

  let charges = 0;
  page.on('request', (request) => (charges += new URL(request.url()).pathname === confirm ? 1 : 0));
  await fillIn(page, CARDS.succeeds);
  await pay(page).dblclick();
  await expect(page.getByRole('heading', { level: 1, name: `${TITLE} is yours` })).toBeFocused();
  expect(charges, 'a double click pays once').toBe(1);
  await look(page, 'bought');

  await page.getByRole('link', { name: 'Go to your library' }).click();
  const row = page.getByRole('main').getByRole('listitem').filter({ hasText: TITLE });
  await expect(row).toHaveCount(1);
  await expect(row.getByText('Paid', { exact: true })).toBeVisible();
  await look(page, 'library');
  const coming = page.waitForEvent('download');
  await row.getByRole('link', { name: `Download ${TITLE}` }).click();
  const file = await coming;
  expect(file.suggestedFilename()).toMatch(/\.wav$/);
  expect((await readFile(await file.path())).subarray(0, 4).toString()).toBe('RIFF');

  // Whoever has it is not asked to pay for it.
  await page.goto(`/beats/${id}/buy`);
  await expect(page.getByRole('heading', { level: 1, name: `${TITLE} is yours` })).toBeVisible();
});

// A member asks for a beat, and a producer offers one.

import { expect, look, test } from './journey.js';
import { ANA, enter, join } from './people.js';

test('a request for a beat gets an offer', async ({ page, another }) => {
  await join(page, 'Ula');
  await page.goto('/requests');
  await look(page, 'requests');
  await page.getByRole('button', { name: 'Post a request' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Post a request' });
  await dialog.getByRole('button', { name: 'Post request' }).click();
  await expect(dialog.getByText('Say in a few words what you need.')).toBeVisible();
  await expect(dialog.getByLabel('What do you need?')).toBeFocused();
  const title = `Something for rainy trains, ${test.info().project.name}`;
  await dialog.getByLabel('What do you need?').fill(title);
  await dialog.getByLabel('Details').fill('Three minutes, no vocals.');
  await dialog.getByLabel('Budget').fill('60');
  await dialog.getByLabel('Needed by').fill(inAMonth());
  await look(page, 'request-new');
  await dialog.getByRole('button', { name: 'Post request' }).click();
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await expect(page.getByText('No offers yet')).toBeVisible();
  await look(page, 'request-own');

  const producer = await another();
  await enter(producer, ANA);
  await producer.goto('/requests');
  await producer.getByRole('link', { name: title }).click();
  const offer = producer.getByRole('form', { name: 'Make an offer' });
  await offer.getByLabel('Your beat').selectOption('Night Drive');
  await offer.getByLabel('Price').fill('55');
  await offer.getByRole('button', { name: 'Send offer' }).click();
  await expect(offer.getByText('Say a few words about what you offer.')).toBeVisible();
  await offer.getByLabel('Message').fill('I can slow it down for you.');
  await look(producer, 'request');
  await offer.getByRole('button', { name: 'Send offer' }).click();
  await expect(producer.getByRole('heading', { name: 'Your offer' })).toBeVisible();
  await expect(offer).toBeHidden();

  await page.reload();
  const came = page.getByRole('listitem').filter({ hasText: 'I can slow it down for you.' });
  await expect(came).toContainText('$55.00');
  await expect(came.getByRole('link', { name: 'Hear “Night Drive”' })).toBeVisible();
  await look(page, 'request-offers');
  await page.getByRole('button', { name: 'Close request' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Close request' }).click();
  await expect(page.getByRole('button', { name: 'Open it again' })).toBeVisible();
  await producer.goto('/requests');
  await expect(producer.getByRole('heading', { level: 2 }).first()).toBeVisible();
  await expect(producer.getByRole('link', { name: title })).toBeHidden();

  await came.getByRole('link', { name: 'Write to Ana Sol' }).click();
  await expect(page.getByLabel('Message to Ana Sol')).toBeVisible();
});

/** As a field for dates takes it. */
function inAMonth() {
  const day = new Date();
  day.setDate(day.getDate() + 30);
  return day.toISOString().slice(0, 10);
}

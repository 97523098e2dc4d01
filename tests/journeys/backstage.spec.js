// Those who run BeatPass: who is there, what was bought, who was refused. Nobody else sees it.

import { buy } from './buying.js';
import { expect, look, test } from './journey.js';
import { ADMIN, ask, enter, join } from './people.js';

test('a member has no part in it', async ({ page }) => {
  await join(page, 'Otto');
  await page.goto('/backstage');
  await expect(page.getByRole('heading', { name: 'This is for those who run BeatPass' })).toBeVisible();
  await look(page, 'backstage-member');
});

test('an administrator refunds a purchase', async ({ page, another }) => {
  const admin = await another();
  const zoe = await join(page, 'Zoe');
  await buy(page, 'Glass Elevator');

  await enter(admin, ADMIN);
  await admin.goto('/backstage/purchases');
  const refund = admin.getByRole('button', { name: `Refund Glass Elevator to ${zoe.name}` }).first();
  await expect(refund).toBeVisible();
  await look(admin, 'backstage-purchases');
  await refund.click();
  await admin.getByRole('dialog').getByRole('button', { name: 'Refund' }).click();
  await expect(admin.getByText('for “Glass Elevator” went back.')).toBeVisible();

  await page.goto('/library');
  await expect(page.getByRole('listitem').getByText('Refunded', { exact: true })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Download Glass Elevator' })).toBeHidden();
  await look(page, 'library-refunded');
});

test('an administrator disables a member, and sees who was refused', async ({ page, another, watched }) => {
  const theirs = await another();
  const paul = await join(theirs, 'Paul');
  await theirs.goto('/library');
  await expect(theirs.getByRole('button', { name: 'Account of Paul' })).toBeVisible();

  await enter(page, ADMIN);
  await page.goto('/backstage');
  await look(page, 'backstage');
  const search = page.getByRole('search', { name: 'Find' });
  await search.getByRole('searchbox').fill(paul.email);
  await search.getByRole('button', { name: 'Search' }).click();
  const row = page.getByRole('listitem').filter({ hasText: paul.email });
  await row.getByRole('button', { name: 'Disable Paul' }).click();
  const dialog = page.getByRole('dialog', { name: 'Disable Paul?' });
  await expect(dialog).toBeVisible();
  await look(page, 'backstage-disable');
  await dialog.getByRole('button', { name: 'Disable' }).click();
  await expect(row.getByText('Disabled', { exact: true })).toBeVisible();

  // They are out at once, and do not come in again.
  await theirs.reload();
  await expect(theirs.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  const { status } = await tries(theirs, paul);
  expect(status).toBe(422);
  await page.getByRole('navigation', { name: 'Backstage' }).getByRole('link', { name: 'Refused attempts' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Refused attempts' })).toBeVisible();
  await expect(page.getByRole('main').getByText('Login failed').first()).toBeVisible();
  await look(page, 'backstage-refusals');

  await page.goto(`/backstage?search=${encodeURIComponent(paul.email)}`);
  await row.getByRole('button', { name: 'Enable Paul' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Enable' }).click();
  await expect(row.getByText('Disabled', { exact: true })).toBeHidden();
  expect((await tries(theirs, paul)).status).toBe(200);
});

/** Signs in without the form, whatever comes of it. */
async function tries(page, { email, password }) {
  const answer = await ask(page, 'POST', '/login', { email, password });
  return { status: answer.status(), body: await answer.json() };
}

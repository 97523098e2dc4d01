// A member leaves for good.

import { confirm } from './account.js';
import { expect, look, test } from './journey.js';
import { join, signIn } from './people.js';

test('a member deletes their account', async ({ page, watched }) => {
  const xenia = await join(page, 'Xenia');
  await page.goto('/settings/delete');
  await look(page, 'delete');
  await page.getByRole('button', { name: 'Delete my account' }).click();
  const sure = page.getByRole('dialog', { name: 'Delete your account?' });
  await sure.getByRole('button', { name: 'Cancel' }).click();
  await expect(sure).toBeHidden();
  await page.getByRole('button', { name: 'Delete my account' }).click();
  await look(page, 'delete-sure');
  await sure.getByRole('button', { name: 'Delete for good' }).click();
  await confirm(page, xenia);
  await expect(page.getByRole('status').getByText('Your account is deleted.')).toBeVisible();
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();

  watched.refusal('POST /login', 422);
  await signIn(page, xenia);
  await expect(page.getByRole('main').getByRole('alert')).toBeVisible();
});

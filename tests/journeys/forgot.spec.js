// Somebody has forgotten their password: a mail, a new one, and in.

import { mailed } from './account.js';
import { expect, look, test } from './journey.js';
import { isIn, join, signIn, signOut } from './people.js';

test('a forgotten password is set anew by mail', async ({ page, beatpass, watched }) => {
  const vera = await join(page, 'Vera');
  await page.goto('/');
  await signOut(page);
  watched.refusal('POST /login', 422);
  await signIn(page, { ...vera, password: 'not that one' });
  await expect(page.getByLabel('Email')).toHaveAttribute('aria-invalid', 'true');
  await look(page, 'sign-in-refused');

  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await look(page, 'forgot');
  await page.getByLabel('Email').fill(vera.email);
  await page.getByRole('button', { name: 'Mail me a link' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Look for our mail' })).toBeFocused();
  await look(page, 'forgot-sent');

  await page.goto(await mailed(beatpass, vera.email, 'password'));
  await look(page, 'new-password');
  const password = 'a slow ferry to the islands';
  await page.getByLabel('New password', { exact: true }).fill(password);
  await page.getByLabel('New password, once more').fill(password);
  await page.getByRole('button', { name: 'Set the password' }).click();
  await expect(page.getByText('Your password is set. Sign in with it.')).toBeVisible();
  await look(page, 'sign-in-after');
  await page.getByLabel('Email').fill(vera.email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('main').getByRole('button', { name: 'Sign in', exact: true }).click();
  await isIn(page, vera.name);
});

// A stranger makes an account, proves its address, and changes it.

import { mailed } from './account.js';
import { expect, look, test } from './journey.js';
import { ANA, go, isIn, somebody } from './people.js';

test('a stranger signs up, and is told what is wrong', async ({ page, watched }) => {
  const nora = somebody('Nora');
  await page.goto('/library');
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await look(page, 'sign-in');
  await page.getByRole('link', { name: 'Create an account' }).click();
  await look(page, 'sign-up');

  const create = page.getByRole('button', { name: 'Create account' });
  await create.click();
  await expect(page.getByLabel('Name')).toBeFocused();

  const [email, password] = [page.getByLabel('Email'), page.getByLabel('Password', { exact: true })];
  watched.refusal('POST /register', 422);
  await page.getByLabel('Name').fill(nora.name);
  await email.fill(ANA);
  await password.fill('short');
  await create.click();
  await expect(password).toBeFocused();
  await expect(password).toHaveAttribute('aria-invalid', 'true');
  await look(page, 'sign-up-refused');
  watched.refusal('POST /register', 422);
  await password.fill(nora.password);
  await create.click();
  await expect(email).toBeFocused();
  await expect(page.getByRole('main').getByRole('alert')).toContainText('taken');

  await email.fill(nora.email);
  await create.click();
  await isIn(page, nora.name);
  // Where they wanted to go.
  await expect(page).toHaveURL(/\/library$/);
  await page.getByRole('button', { name: 'Account of Nora' }).click();
  await expect(page.getByText(nora.email)).toBeVisible();
  await look(page, 'account-menu');
});

test('a member proves their address, takes another name and another address', async ({ page, beatpass }) => {
  const olga = somebody('Olga');
  await page.goto('/sign-up');
  await page.getByLabel('Name').fill(olga.name);
  await page.getByLabel('Email').fill(olga.email);
  await page.getByLabel('Password', { exact: true }).fill(olga.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await isIn(page, olga.name);
  await go(page, 'Settings');
  await look(page, 'settings');
  await page.getByRole('main').getByRole('link', { name: 'Profile' }).click();
  await expect(page.getByText(`Your address ${olga.email} is not confirmed.`)).toBeVisible();
  await look(page, 'settings-profile');

  await page.goto(await mailed(beatpass, olga.email, 'Confirm your address'));
  await page.getByRole('main').getByRole('button').click();
  await expect(page.getByRole('status').getByText('Your email address is confirmed.')).toBeVisible();

  await page.goto('/settings/profile');
  await page.getByLabel('Name', { exact: true }).fill('Olga the Second');
  await page.getByRole('button', { name: 'Save name' }).click();
  await isIn(page, 'Olga the Second');

  const other = `new-${olga.email}`;
  await page.getByLabel('New email address').fill(other);
  await page.getByRole('button', { name: 'Change email' }).click();
  await expect(page.getByText(`We mailed ${other}.`)).toBeVisible();
  await page.goto(await mailed(beatpass, other, ''));
  await page.getByRole('main').getByRole('button').click();
  await page.goto('/settings/profile');
  await expect(page.getByRole('form', { name: 'Email address' }).getByText(other)).toBeVisible();
});

// Somebody comes in by Google, for which a real OpenID Connect server stands; and a member links it.

import { byProvider, enrol, logInThere, member } from './account.js';
import { code } from './codes.js';
import { expect, look, test } from './journey.js';
import { ask, isIn, signIn, signOut, somebody } from './people.js';

const NAME_THERE = 'Ana Example';
const google = (page) => page.getByRole('link', { name: 'Continue with Google' });

test('somebody comes in by a provider, and sets a password before they part', async ({ page, provider, watched }) => {
  const rita = somebody('Rita');
  await page.goto('/sign-in?next=/library');
  await look(page, 'sign-in-ways');
  await byProvider(page, google(page), rita.email);
  await isIn(page, NAME_THERE);
  await expect(page).toHaveURL(/\/library$/);

  // The only way in is not taken away.
  await page.goto('/settings/linked');
  await look(page, 'linked');
  const { social_accounts } = await (await ask(page, 'GET', '/user/social-accounts')).json();
  const unlinking = `DELETE /user/social-accounts/${social_accounts[0].id}`;
  const sure = page.getByRole('dialog', { name: 'Unlink Google?' });
  const unlink = async () => {
    await page.getByRole('button', { name: 'Unlink Google' }).click();
    await sure.getByRole('button', { name: 'Unlink now' }).click();
  };
  watched.refusal(unlinking, 423);
  await unlink();
  await page.getByRole('button', { name: 'Go by Google' }).click();
  await logInThere(page, rita.email);
  await expect(page.getByRole('button', { name: 'Unlink Google' })).toBeVisible();
  watched.refusal(unlinking, 403);
  await unlink();
  await expect(sure.getByRole('alert')).toBeVisible();
  await look(page, 'linked-only-way');
  await sure.getByRole('button', { name: 'Cancel' }).click();

  await page.goto('/settings/password');
  await look(page, 'first-password');
  await page.getByLabel('New password').fill(rita.password);
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByText('Your password is changed.')).toBeVisible();
  await page.goto('/settings/linked');
  await unlink();
  await expect(page.getByText('Not linked')).toBeVisible();
  await signOut(page);
  await signIn(page, rita);
  await isIn(page, NAME_THERE);
});

test('a member links a provider, and it asks for the second factor too', async ({ page, beatpass, provider }) => {
  const sara = await member(page, beatpass, 'Sara');
  const secret = await enrol(page, sara);
  await page.goto('/settings/linked');
  await byProvider(page, page.getByRole('button', { name: 'Link Google' }), sara.email);
  await expect(page).toHaveURL(/\/settings\/linked$/);
  await expect(page.getByRole('button', { name: 'Unlink Google' })).toBeVisible();
  await signOut(page);

  // They are known there by now, and nothing is asked.
  await page.goto('/sign-in');
  await google(page).click();
  await expect(page).toHaveURL(/\/sign-in\?.*step=code/);
  await page.getByLabel('Code').fill(code(secret, 1));
  await page.getByRole('button', { name: 'Continue' }).click();
  await isIn(page, sara.name);
});

test('a provider vouches for an address that has an account: that one signs in as usual first', async ({
  page,
  beatpass,
  provider,
}) => {
  const tina = await member(page, beatpass, 'Tina');
  await page.goto('/');
  await signOut(page);
  await page.goto('/sign-up');
  await byProvider(page, google(page), tina.email);
  await expect(page.getByRole('main').getByRole('alert')).toContainText('You have an account with this email address.');
  await look(page, 'social-refused');
});

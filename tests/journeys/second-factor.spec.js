// A member turns the second factor on, and comes in by a code, by a recovery code and by neither.

import { confirm, member } from './account.js';
import { code } from './codes.js';
import { expect, look, picture, test } from './journey.js';
import { go, isIn, signIn, signOut } from './people.js';

test('a second factor is turned on, asked for, and turned off', async ({ page, beatpass, watched }) => {
  const pavel = await member(page, beatpass, 'Pavel');
  await page.goto('/settings/two-factor');
  await look(page, 'two-factor-off');
  watched.refusal('POST /user/two-factor-authentication', 423);
  await page.getByRole('button', { name: 'Turn on' }).click();
  await look(page, 'confirm');
  await confirm(page, pavel);
  const picturedKey = page.getByRole('img', { name: 'QR code for your authenticator app' });
  await expect(picturedKey).toBeVisible();
  await look(page, 'two-factor-scan');
  await picture(page, 'two-factor');
  const secret = await page.getByRole('main').getByRole('code').innerText();

  watched.refusal('POST /user/confirmed-two-factor-authentication', 422);
  await page.getByLabel('Code').fill('000000');
  await page.getByRole('button', { name: 'Confirm code' }).click();
  await expect(page.getByLabel('Code')).toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel('Code').fill(code(secret));
  await page.getByRole('button', { name: 'Confirm code' }).click();
  const codes = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
  await expect(codes).toHaveCount(8);
  const [recovery] = await codes.allInnerTexts();
  await look(page, 'two-factor-codes');
  await page.getByRole('button', { name: 'I have saved them' }).click();
  await expect(page.getByText('On', { exact: true })).toBeVisible();
  await look(page, 'two-factor-on');

  await signOut(page);
  await signIn(page, pavel);
  await expect(page.getByRole('heading', { level: 1, name: 'One more step' })).toBeVisible();
  await look(page, 'second-step');
  watched.refusal('POST /two-factor-challenge', 422);
  await page.getByLabel('Code').fill('000000');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('main').getByRole('alert')).toBeVisible();
  await page.getByLabel('Code').fill(code(secret, 1));
  await page.getByRole('button', { name: 'Continue' }).click();
  await isIn(page, pavel.name);

  await signOut(page);
  await signIn(page, pavel);
  await page.getByRole('button', { name: 'Use a recovery code' }).click();
  await page.getByLabel('Recovery code').fill(recovery);
  await page.getByRole('button', { name: 'Continue' }).click();
  await isIn(page, pavel.name);

  await go(page, 'Settings');
  await page.getByRole('main').getByRole('link', { name: 'Two-factor' }).click();
  await page.getByRole('button', { name: 'Turn off' }).click();
  await look(page, 'two-factor-sure');
  watched.refusal('DELETE /user/two-factor-authentication', 423);
  await page.getByRole('dialog').getByRole('button', { name: 'Turn off now' }).click();
  await confirm(page, pavel);
  await expect(page.getByText('Off', { exact: true })).toBeVisible();
  await page.goto('/settings/activity');
  await expect(page.getByText('Recovery code used')).toBeVisible();
  await look(page, 'activity');
});

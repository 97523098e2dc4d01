// A member makes a passkey on their device, and signs in by it alone.

import { confirm, enrol, member } from './account.js';
import { expect, look, test } from './journey.js';
import { ask, isIn, signOut } from './people.js';

test('a passkey is added, signs in, is renamed and removed', async ({ page, beatpass, watched }) => {
  await hasDevice(page);
  const wanda = await member(page, beatpass, 'Wanda');
  await enrol(page, wanda);
  await page.goto('/settings/passkeys');
  await look(page, 'passkeys-none');
  await page.getByLabel('Name').fill('My phone');
  await page.getByRole('button', { name: 'Add passkey' }).click();
  const passkeys = page.getByRole('list', { name: 'Your passkeys' }).getByRole('listitem');
  await expect(passkeys).toHaveCount(1);
  await look(page, 'passkeys');

  // It is both steps at once.
  await signOut(page);
  await page.goto('/sign-in?next=/settings/passkeys');
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await isIn(page, wanda.name);
  await expect(passkeys).toContainText('used');

  await page.getByRole('button', { name: 'Rename My phone' }).click();
  const rename = page.getByRole('dialog', { name: 'Rename passkey' });
  await look(page, 'passkey-rename');
  await rename.getByLabel('Name').fill('Old phone');
  watched.refusal(`PUT ${await address(page)}`, 423);
  await rename.getByRole('button', { name: 'Save' }).click();
  await confirm(page, wanda);
  await page.getByRole('button', { name: 'Remove Old phone' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove passkey' }).click();
  await expect(page.getByText('No passkeys yet')).toBeVisible();
});

/** Where the one that there is can be changed. */
async function address(page) {
  const { passkeys } = await (await ask(page, 'GET', '/user/passkeys')).json();
  return `/user/passkeys/${passkeys[0].id}`;
}

/** A device that keeps passkeys and knows its owner. */
async function hasDevice(page) {
  const device = await page.context().newCDPSession(page);
  await device.send('WebAuthn.enable');
  const options = {
    protocol: 'ctap2',
    transport: 'internal',
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  };
  await device.send('WebAuthn.addVirtualAuthenticator', { options });
}

// What the journeys of accounts do again and again: mail is opened, a second factor is turned on, and
// somebody comes in by a provider.

import { expect } from '@playwright/test';
import { mailTo } from '../clients/mailbox.mjs';
import { code } from './codes.js';
import { ask, join } from './people.js';

/** The link in the newest mail to an address whose subject has these words. */
export async function mailed(beatpass, address, words) {
  const { links } = await mailTo(beatpass.address, address, words);
  return links[0];
}

/** A new member whose address is proved. */
export async function member(page, beatpass, name) {
  const person = await join(page, name);
  const link = await mailed(beatpass, person.email, 'Confirm your address');
  const answer = await ask(page, 'GET', link);
  expect(answer.status(), await answer.text()).toBe(200);
  return person;
}

/** Turns the second factor on without the pages, and gives its secret. */
export async function enrol(page, { password }) {
  await ask(page, 'POST', '/user/confirm-password', { password });
  await ask(page, 'POST', '/user/two-factor-authentication');
  const { secretKey } = await (await ask(page, 'GET', '/user/two-factor-secret-key')).json();
  const answer = await ask(page, 'POST', '/user/confirmed-two-factor-authentication', { code: code(secretKey) });
  expect(answer.status(), await answer.text()).toBe(200);
  return secretKey;
}

/** Answers the question who it is, by password. */
export async function confirm(page, { password }) {
  const dialog = page.getByRole('dialog', { name: 'Confirm it’s you' });
  const field = dialog.getByLabel('Password', { exact: true });
  await expect(field).toBeFocused();
  await field.fill(password);
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await expect(dialog).toBeHidden();
}

/** Goes to the provider by a link or button, is this person there, and agrees. */
export async function byProvider(page, door, email) {
  // Its pages want a font of the wide world.
  await page.route('https://fonts.googleapis.com/**', (route) => route.fulfill({ contentType: 'text/css', body: '' }));
  await door.click();
  await logInThere(page, email);
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** On the provider's own page. */
export async function logInThere(page, email) {
  await page.getByPlaceholder('Enter any login').fill(email);
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
}

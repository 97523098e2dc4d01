// Who walks: the demo's people, and new members.

import { expect } from '@playwright/test';

/** The demo's, and the password of all of them. */
export const ANA = 'ana@example.com';
export const BEN = 'ben@example.com';
export const ADMIN = 'admin@example.com';
export const PASSWORD = 'night drive 2026';

let count = 0;

/** Somebody whom no other journey knows. */
export function somebody(name) {
  count += 1;
  const email = `${name.toLowerCase()}-${process.pid}-${count}@example.com`;
  return { name, email, password: `${name} walks at dusk` };
}

/** Makes a new member and signs them in, without the form: for journeys that are about other things. */
export async function join(page, name) {
  const person = somebody(name);
  const registered = await ask(page, 'POST', '/register', {
    ...person,
    password_confirmation: person.password,
  });
  expect(registered.status(), await registered.text()).toBe(201);
  const { id } = await (await ask(page, 'GET', '/api/user')).json();
  return { ...person, id };
}

/** Signs somebody in whom the server knows, without the form. */
export async function enter(page, email, password = PASSWORD) {
  const answer = await ask(page, 'POST', '/login', { email, password });
  expect(answer.status(), await answer.text()).toBe(200);
}

/** What the pages' scripts do: a request with the session and its token. */
export async function ask(page, method, path, data) {
  await page.request.get('/sanctum/csrf-cookie');
  const cookies = await page.context().cookies();
  const token = cookies.find(({ name }) => name === 'XSRF-TOKEN')?.value ?? '';
  const headers = {
    Accept: 'application/json',
    'Sec-Fetch-Site': 'same-origin',
    'X-XSRF-TOKEN': decodeURIComponent(token),
  };
  return page.request.fetch(path, { method, data, headers });
}

/** Fills in the form that signs in. */
export async function signIn(page, { email, password }) {
  await page.goto('/sign-in');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('main').getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Whether the header knows somebody by this name. */
export async function isIn(page, name) {
  await expect(page.getByRole('button', { name: `Account of ${name}` })).toBeVisible();
}

/** Follows a link of the account's list in the header. */
export async function go(page, name) {
  const link = page.locator('#account-links').getByText(name, { exact: true });
  // A page that is still on its way closes the list when it opens.
  await expect(async () => {
    if (!(await link.isVisible())) await page.getByRole('button', { name: /^Account of/ }).click();
    await link.click({ timeout: 2_000 });
  }).toPass();
}

export async function signOut(page) {
  await go(page, 'Sign out');
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();
}

/** Follows a link of the header, which a phone has behind its menu. */
export async function visit(page, name) {
  const menu = page.getByRole('button', { name: 'Menu' });
  if (await menu.isVisible()) await menu.click();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click();
}

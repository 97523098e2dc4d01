// A developer: the front end on a port of its own, the host on another.

import { expect, test } from './journey.js';
import { BEN, PASSWORD, isIn } from './people.js';

test('the dev server signs in to a host on another port, and posts', async ({ page, devServer }) => {
  await page.goto(`${devServer.address}/requests`);
  await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).click();
  await page.getByLabel('Email').fill(BEN);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('main').getByRole('button', { name: 'Sign in', exact: true }).click();
  await isIn(page, 'Ben Carter');

  await page.goto(`${devServer.address}/requests`);
  await page.getByRole('button', { name: 'Post a request' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('What do you need?').fill('A beat from another port');
  await dialog.getByLabel('Budget').fill('40');
  await dialog.getByRole('button', { name: 'Post request' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'A beat from another port' })).toBeVisible();
  expect(new URL(page.url()).origin).toBe(devServer.address);
});

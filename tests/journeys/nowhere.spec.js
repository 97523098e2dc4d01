// An address that leads nowhere.

import { expect, look, test } from './journey.js';

test('an address that leads nowhere says so, and leads on', async ({ page }) => {
  await page.goto('/nowhere/at/all');
  await expect(page.locator('main h1')).toBeVisible();
  await look(page, 'nowhere');
});

// Somebody without a mouse: past the header, a beat played, in by the form, a dialog and back.

import { expect, test } from './journey.js';
import { ANA, PASSWORD, isIn } from './people.js';

test('a beat is played by keyboard', async ({ page }) => {
  await page.goto('/explore');
  await expect(page.getByRole('article').first()).toBeVisible();
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to content' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();

  await tabTo(page, page.getByRole('article').first().getByRole('button', { name: /^Play / }));
  await page.keyboard.press('Enter');
  const player = page.getByRole('region', { name: 'Player' });
  await expect(player.getByRole('button', { name: 'Pause' })).toBeVisible();
  await tabTo(page, player.getByRole('button', { name: 'Pause' }));
  await page.keyboard.press('Space');
  await expect(player.getByRole('button', { name: 'Play', exact: true })).toBeFocused();

});

test('somebody signs in by keyboard, and writes into a dialog', async ({ page }) => {
  await page.goto('/producers');
  await tabTo(page, page.getByRole('banner').getByRole('link', { name: 'Sign in' }));
  await page.keyboard.press('Enter');
  // A new page is read from its beginning.
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await expect(page.getByRole('main')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Email')).toBeFocused();
  await page.keyboard.type(ANA);
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await isIn(page, 'Ana Sol');

  const account = page.getByRole('button', { name: /^Account of/ });
  // It stands right before what a new page begins with.
  await tabTo(page, account, 'Shift+Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'My page' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(account).toBeFocused();
  await expect(account).toHaveAttribute('aria-expanded', 'false');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Ana Sol' })).toBeVisible();

  // A dialog takes the focus, keeps it and gives it back.
  const edit = page.getByRole('button', { name: 'Edit bio' });
  await tabTo(page, edit);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'About you' });
  await expect(dialog.getByRole('textbox')).toBeFocused();
  for (let press = 0; press < 8; press += 1) {
    await page.keyboard.press('Tab');
    const isOutside = await page.evaluate(() => {
      const focused = document.activeElement;
      return focused !== document.body && !focused.closest('dialog');
    });
    expect(isOutside, 'the focus stays in the dialog').toBe(false);
  }
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(edit).toBeFocused();
});

test('the menu opens by keyboard', async ({ page, isMobile }) => {
  await page.goto('/sign-in');
  const menu = page.getByRole('button', { name: 'Menu' });
  const places = page.getByRole('navigation', { name: 'Main' });
  if (isMobile) {
    await tabTo(page, menu);
    await page.keyboard.press('Enter');
    await expect(menu).toHaveAttribute('aria-expanded', 'true');
  }
  const producers = places.getByRole('link', { name: 'Producers' });
  await producers.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Producers' })).toBeVisible();
  await expect(page.getByRole('main')).toBeFocused();
  if (isMobile) await expect(menu).toHaveAttribute('aria-expanded', 'false');
});

/** Presses Tab until this has the focus, as often as somebody would bear it. */
async function tabTo(page, wanted, key = 'Tab') {
  for (let press = 0; press < 150; press += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  await expect(wanted).toBeFocused();
}

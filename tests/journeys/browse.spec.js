// A stranger looks around: what is new, what is there by genre and price, what a word finds; and hears
// it, while the pages change.

import { expect, look, picture, test } from './journey.js';
import { join, visit } from './people.js';

test('a stranger narrows the beats down, and searches them', async ({ page, isMobile }) => {
  await page.goto('/');
  await look(page, 'home');
  await picture(page, 'home');

  await visit(page, 'Explore');
  await look(page, 'explore');
  await picture(page, 'explore');
  if (isMobile) await page.getByRole('button', { name: 'Filters' }).click();
  const filters = page.getByRole('form', { name: 'Filters' }).filter({ visible: true });
  const genre = await filters.getByLabel('Genre').locator('option').nth(1).innerText();
  await filters.getByLabel('Genre').selectOption(genre);
  await filters.getByRole('group', { name: 'Price, in dollars' }).getByLabel('To').fill('1000');
  await filters.getByRole('button', { name: 'Show beats' }).click();
  await expect(page.getByRole('heading', { level: 1, name: genre })).toBeVisible();
  await expect(page).toHaveURL(/max_price=1000/);
  await page.getByLabel('Sort by').selectOption('Price, lowest first');
  const prices = page.getByRole('article').getByText(/^\$[\d.,]+$|^Free$/);
  await expect(async () => {
    const shown = (await prices.allInnerTexts()).map((text) => Number(text.replace(/[^\d.]/g, '')));
    expect(shown.length).toBeGreaterThan(1);
    expect(shown).toEqual(shown.toSorted((one, other) => one - other));
  }).toPass();
  await look(page, 'explore-narrowed');
  await page.getByRole('button', { name: `Remove filter: ${genre}` }).click();
  await expect(page).not.toHaveURL(/genre=/);
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1, name: genre })).toBeVisible();

  const search = page.getByRole('banner').getByRole('search').getByRole('searchbox');
  await search.fill('drive nigh');
  await search.press('Enter');
  await expect(page.getByRole('article').getByRole('link', { name: 'Night Drive' }).first()).toBeVisible();
  await look(page, 'find');
  await search.fill('nothing-has-this-name');
  await search.press('Enter');
  await expect(page.getByText('Nothing is called')).toBeVisible();
  await look(page, 'find-nothing');
});

test('a stranger hears a beat, and the next one, while the pages change', async ({ page }) => {
  await page.goto('/explore');
  const cards = page.getByRole('article');
  const [first, second] = await titles(cards);
  await cards.first().getByRole('button', { name: `Play ${first}`, exact: true }).click();
  const player = page.getByRole('region', { name: 'Player' });
  await hears(player);
  await cards.first().getByRole('heading').getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1, name: first })).toBeVisible();
  await hears(player);
  await look(page, 'beat');
  await picture(page, 'beat');
  await picture(page, 'player');

  await player.getByRole('button', { name: 'Next beat' }).click();
  await expect(player.getByRole('link', { name: second, exact: true })).toBeVisible();
  await hears(player);
  const position = player.getByRole('slider', { name: 'Position' });
  const late = Number(await position.getAttribute('max')) / 2;
  await position.fill(String(late));
  await expect.poll(() => at(player)).toBeGreaterThanOrEqual(late);
  await player.getByRole('button', { name: 'Pause' }).click();
  await expect(player.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await player.getByRole('button', { name: 'Close player' }).click();
  await expect(player).toBeHidden();
});

test('a member follows a producer, whose collections they look at', async ({ page }) => {
  await join(page, 'Fay');
  await page.goto('/producers');
  await page.getByLabel('Sort by').selectOption('Name, A to Z');
  await expect(page).toHaveURL(/sort=name/);
  await look(page, 'producers');
  await page.getByRole('main').getByRole('link', { name: 'Mira Vance' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Mira Vance' })).toBeVisible();
  const followers = page.getByText(/^[\d,]+ followers?$/);
  const before = Number.parseInt(await followers.innerText(), 10);
  await page.getByRole('button', { name: 'Follow Mira Vance', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Unfollow Mira Vance' })).toBeVisible();
  await expect(followers).toContainText(String(before + 1));
  await look(page, 'producer');
  await page.getByRole('region', { name: 'Collections' }).getByRole('link', { name: 'Slow Weather' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Slow Weather' })).toBeVisible();
  await look(page, 'collection');
  await page.getByRole('button', { name: 'Play all' }).click();
  await hears(page.getByRole('region', { name: 'Player' }));

  await page.goto('/library?view=following');
  await look(page, 'following');
  await page.getByRole('button', { name: 'Unfollow Mira Vance' }).click();
  await expect(page.getByRole('heading', { name: 'You follow nobody yet' })).toBeVisible();
});

/** What the cards are called, when they are there. */
async function titles(cards) {
  await expect(cards.nth(1)).toBeVisible();
  return cards.getByRole('heading').allInnerTexts();
}

const at = async (player) => Number(await player.getByRole('slider', { name: 'Position' }).inputValue());

/** What plays moves on. */
async function hears(player) {
  await expect(player.getByRole('button', { name: 'Pause' })).toBeVisible();
  const before = await at(player);
  await expect.poll(() => at(player)).toBeGreaterThan(before);
}

// A producer looks at their numbers.

import { expect, look, picture, test } from './journey.js';
import { ANA, enter } from './people.js';

test('a producer sees plays, sales and revenue of a period', async ({ page }) => {
  await enter(page, ANA);
  await page.goto('/studio');
  const tile = (name) => page.getByRole('term').filter({ hasText: name }).locator('xpath=..');
  await expect(tile('Plays')).toBeVisible();
  await look(page, 'studio');
  await picture(page, 'dashboard');

  const numbers = async () => page.getByRole('definition').allInnerTexts();
  const month = await numbers();
  const coming = page.waitForResponse(/\/producer-intelligence\/dashboard\?period=12m$/);
  await page.getByRole('group', { name: 'Period' }).getByLabel('12 months').click();
  await expect(page).toHaveURL(/period=12m/);
  await expect.poll(numbers).not.toEqual(month);
  const answer = await (await coming).json();
  await expect(tile('Sales')).toContainText(new Intl.NumberFormat('en-US').format(answer.sales));

  // The chart says by keyboard what it draws.
  const chart = page.getByRole('slider', { name: /^Revenue/ });
  await chart.focus();
  const last = await chart.getAttribute('aria-valuetext');
  await chart.press('ArrowLeft');
  await expect(chart).not.toHaveAttribute('aria-valuetext', last);
  await page.getByText('Numbers of Revenue').click();
  const table = page.getByRole('region', { name: 'Numbers of Revenue' });
  await expect(table.getByRole('row')).toHaveCount(answer.series.length + 1);
  await expect(table).toContainText(last.split(': ')[1]);
  await look(page, 'studio-year');
});

// A look at a page: whether everybody can use it, whether it fits, and a picture of it.

import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { OUTPUT } from './program.js';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The pictures that the READMEs show, and how large they are on a desk. */
const SHOWN = ['home', 'explore', 'beat', 'buying', 'dashboard', 'two-factor', 'home-phone', 'player-phone'];
const DESK = { width: 1200, height: 750 };

/** Looks at a page that has come to rest, by a name for its picture. */
export async function look(page, name) {
  await rests(page);
  await fits(page, name);
  // A page has no frames of other sites, for which axe would open one more to gather what it found.
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).setLegacyMode().analyze();
  const said = violations.map(({ id, help, nodes }) => {
    const places = nodes.map((node) => `    ${node.target.join(' ')}: ${node.failureSummary}`);
    return `  ${id}: ${help}\n${places.join('\n')}`;
  });
  expect(said, `${name} is for everybody:\n${said.join('\n')}`).toEqual([]);
  await page.screenshot({ path: `${OUTPUT}/pictures/${test.info().project.name}-${name}.png` });
}

/** Takes the picture of a page, if a README shows it at this width. */
export async function picture(page, name) {
  const isPhone = test.info().project.name === 'phone';
  const file = isPhone ? `${name}-phone` : name;
  if (!SHOWN.includes(file)) return;
  await rests(page);
  const usual = page.viewportSize();
  if (!isPhone) await page.setViewportSize(DESK);
  // Nothing looks as if a mouse were on it.
  await page.mouse.move(0, 0);
  const path = `${OUTPUT}/pictures/beatpass-${file}.jpg`;
  await page.screenshot({ path, type: 'jpeg', quality: 80 });
  await page.setViewportSize(usual);
}

/** Its heading is there, and nothing is on its way any more. */
async function rests(page) {
  await expect(page.locator('main h1').first()).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: 'Loading' })).toHaveCount(0);
}

/** Nobody scrolls sideways. */
async function fits(page, name) {
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width, `${name} is as wide as the window`).toBeLessThanOrEqual(page.viewportSize().width);
}

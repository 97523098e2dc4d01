// Where there is nothing yet, and where nobody answers: the pages say so, and lead on.

import { expect, look, test } from './journey.js';
import { join } from './people.js';
import { freePort, startBeatPass } from './program.js';

test('what a new member has not yet', async ({ page }) => {
  await join(page, 'Nele');
  for (const [path, words] of [
    ['/library', 'You have not bought a beat yet'],
    ['/library?view=following', 'You follow nobody yet'],
    ['/inbox', 'No messages yet'],
    ['/requests?whose=mine', 'You have asked for nothing yet'],
    ['/studio', 'Your numbers begin with your first beat'],
    ['/studio/beats', 'No beats yet'],
    ['/studio/collections', 'No collections yet'],
  ]) {
    await page.goto(path);
    await expect(page.getByRole('heading', { name: words })).toBeVisible();
    await look(page, `nothing${path.replaceAll(/\W/g, '-')}`);
  }
});

test('a beat and a conversation that are not there', async ({ page, watched }) => {
  await join(page, 'Nuri');
  watched.refusal('GET /tracks/99999', 404);
  await page.goto('/beats/99999');
  await expect(page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();
  await look(page, 'no-beat');
  watched.refusal('GET /messaging/conversations/99999', 404);
  await page.goto('/inbox/99999');
  await expect(page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();
  await look(page, 'no-conversation');
});

test('a server that does not answer', async ({ page, watched }) => {
  const program = await startBeatPass(await freePort());
  await page.goto(`${program.address}/explore`);
  await expect(page.getByRole('article').first()).toBeVisible();
  watched.outage();
  await program.end();
  await page.getByLabel('Sort by').selectOption('Most played');
  await expect(page.getByRole('heading', { name: 'That did not work' })).toBeVisible();
  await look(page, 'no-server');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'That did not work' })).toBeVisible();
});

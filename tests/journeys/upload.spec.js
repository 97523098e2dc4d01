// A producer uploads a beat, stops once, and sells it; then takes it away.

import { wav, png } from './files.js';
import { expect, look, test } from './journey.js';
import { go, join } from './people.js';

test('a producer uploads a beat and publishes it', async ({ page }) => {
  await join(page, 'Rosa');
  await page.goto('/studio/beats');
  await look(page, 'studio-empty');
  await page.getByRole('main').getByRole('link', { name: 'Upload a beat' }).first().click();
  await look(page, 'upload');
  await page.getByRole('button', { name: 'Upload', exact: true }).click();
  await expect(page.getByText('Choose the audio of your beat.')).toBeVisible();

  const words = { name: 'cover.txt', mimeType: 'text/plain', buffer: Buffer.from('words') };
  await page.getByLabel('Cover').setInputFiles(words);
  await expect(page.getByText('is no picture that we can take')).toBeVisible();
  await page.getByLabel('Cover').setInputFiles(await png(page));
  await expect(page.getByAltText('The cover that you chose')).toBeVisible();
  await page.getByLabel('Audio').setInputFiles(wav(60));
  await page.getByLabel('Title').fill('Night Train');
  await page.getByLabel('Price').fill('24.50');
  await page.getByLabel('BPM').fill('92');
  await page.getByLabel('Genre').fill('Boom bap');
  await page.getByLabel('Tags').fill('dusk, rails');
  await page.getByLabel('Published').uncheck();
  await look(page, 'upload-filled');

  // Over a slow line it is seen how much has left, and there is time to stop.
  const line = await page.context().newCDPSession(page);
  const slow = { offline: false, latency: 20, downloadThroughput: -1, uploadThroughput: 2_000_000 };
  await line.send('Network.emulateNetworkConditions', slow);
  const [bar, send] = [page.getByRole('progressbar'), page.getByRole('button', { name: 'Upload', exact: true })];
  await send.click();
  await expect.poll(async () => Number(await bar.getAttribute('value'))).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Stop the upload' }).click();
  await expect(bar).toBeHidden();
  await line.send('Network.emulateNetworkConditions', { ...slow, uploadThroughput: 20_000_000 });
  await send.click();
  await expect(page.getByRole('status').getByText('“Night Train”')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: 'My beats' })).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'Night Train' })).toHaveCount(1);
  await look(page, 'studio-beats');

  const row = page.getByRole('listitem').filter({ hasText: 'Night Train' });
  await row.getByRole('button', { name: 'Publish Night Train' }).click();
  await expect(row.getByText('Published', { exact: true })).toBeVisible();
  await row.getByRole('link', { name: 'Edit Night Train' }).click();
  await look(page, 'studio-edit');
  await page.getByLabel('Price').fill('19');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(row.getByText('$19.00')).toBeVisible();

  await go(page, 'My page');
  await page.getByRole('article').getByRole('link', { name: 'Night Train' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Night Train' })).toBeVisible();
  await expect(page.getByText('Your own beat')).toBeVisible();
  await look(page, 'beat-own');
  await page.goto('/studio/beats');
  await row.getByRole('button', { name: 'Unpublish Night Train' }).click();
  await expect(row.getByText('Not published')).toBeVisible();
  await row.getByRole('button', { name: 'Delete Night Train' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete beat' }).click();
  await expect(page.getByText('No beats yet')).toBeVisible();
});

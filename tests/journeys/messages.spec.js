// Two members write to one another.

import { expect, look, test } from './journey.js';
import { go, join } from './people.js';

test('two members write to one another', async ({ page, another, isMobile }) => {
  const theirs = await another();
  // Enter begins a new line on a phone.
  const send = (who, field) =>
    isMobile ? who.getByRole('button', { name: 'Send' }).click() : field.press('Enter');
  await join(page, 'Mara');
  await join(theirs, 'Nils');
  await theirs.goto('/');
  await go(theirs, 'My page');
  await expect(theirs.getByRole('heading', { level: 1, name: 'Nils' })).toBeVisible();

  await page.goto(new URL(theirs.url()).pathname);
  await page.getByRole('link', { name: 'Message' }).click();
  const toNils = page.getByLabel('Message to Nils');
  await toNils.fill('Do you make beats for films?');
  await look(page, 'inbox-first');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('Do you make beats for films?');
  await expect(page).toHaveURL(/\/inbox\/\d+$/);
  await toNils.fill('It is about a lighthouse.');
  await send(page, toNils);
  await expect(page.getByRole('region', { name: 'Messages' }).getByRole('listitem')).toHaveCount(3);

  await theirs.goto('/');
  const menu = theirs.getByRole('button', { name: 'Menu' });
  const turn = async () => isMobile && menu.click();
  await turn();
  const inbox = theirs.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Inbox/ });
  await expect(inbox).toContainText('2 unread');
  await inbox.click();
  const entry = theirs.getByRole('region', { name: 'Conversations' }).getByRole('link', { name: /Mara/ });
  await expect(entry).toContainText('2 unread');
  await look(theirs, 'inbox');
  await entry.click();
  const toMara = theirs.getByLabel('Message to Mara');
  await expect(theirs.getByRole('region', { name: 'Messages' })).toContainText('It is about a lighthouse.');
  await turn();
  await expect(inbox).toBeVisible();
  await expect(inbox).not.toContainText('unread');
  await turn();
  await toMara.fill('I do.');
  await toMara.press('Shift+Enter');
  await toMara.pressSequentially('How long is it?');
  await look(theirs, 'inbox-thread');
  await send(theirs, toMara);

  // It comes without being asked for.
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('How long is it?');
  await page.reload();
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('How long is it?');
});

// One person, several browsers: what is signed in is seen, and ended.

import { confirm } from './account.js';
import { expect, look, test } from './journey.js';
import { enter, isIn, join } from './people.js';

const OTHER = { userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };

test('a member ends a session elsewhere, then all of them', async ({ page, another, watched }) => {
  const uma = await join(page, 'Uma');
  const elsewhere = await another(OTHER);
  await enter(elsewhere, uma.email, uma.password);
  await elsewhere.goto('/library');
  await isIn(elsewhere, uma.name);

  await page.goto('/settings/sessions');
  const sessions = page.getByRole('list', { name: 'Sessions' }).getByRole('listitem');
  await expect(sessions).toHaveCount(2);
  await expect(sessions.filter({ hasText: 'This device' })).toHaveCount(1);
  await look(page, 'sessions');
  await sessions.filter({ hasText: 'Firefox' }).getByRole('button', { name: /^End the session of/ }).click();
  await expect(sessions).toHaveCount(1);
  await expect(page.getByText('You are signed in nowhere else.')).toBeVisible();

  // There, the next thing that is asked of the server asks who they are.
  watched.refusal('GET /me/following', 401);
  await elsewhere.getByRole('navigation', { name: 'Library' }).getByRole('link', { name: 'Following' }).click();
  await expect(elsewhere).toHaveURL(/\/sign-in\?next=/);

  await enter(elsewhere, uma.email, uma.password);
  const third = await another();
  await enter(third, uma.email, uma.password);
  await page.reload();
  await expect(sessions).toHaveCount(3);
  await page.getByRole('button', { name: 'Sign out all others' }).click();
  await confirm(page, uma);
  await expect(sessions).toHaveCount(1);
  for (const one of [elsewhere, third]) {
    await one.goto('/library');
    await expect(one.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  }
});

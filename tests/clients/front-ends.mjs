// The front ends that walk: how each sets up axios, and what all of them do.

import assert from 'node:assert/strict';
import { openBrowser } from './browser.mjs';
import { openNode } from './node.mjs';
import { answered, refused } from './steps.mjs';

export const [KIND, API, PAGE] = process.argv.slice(2);
export const open = { browser: openBrowser, node: openNode }[KIND];

/** A front end as Laravel's documentation sets it up. */
export function laptop() {
  const browser = open({ page: PAGE, userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' });
  const api = browser.create({
    baseURL: API,
    withCredentials: true,
    withXSRFToken: true,
    headers: { Accept: 'application/json' },
  });
  return { ...browser, api };
}

/** A front end as Breeze's template for Next sets it up: a browser asks before every request. */
export function phone() {
  const userAgent = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/605.1';
  const browser = open({ page: PAGE, userAgent });
  const api = browser.create({
    baseURL: API,
    headers: { 'X-Requested-With': 'XMLHttpRequest' },
    withCredentials: true,
    withXSRFToken: true,
  });
  return { ...browser, api };
}

/** A link of a mail, asked for by a front end: its path, at the API that the front end knows. */
export function pathOf(link) {
  const { pathname, search, port } = new URL(link);
  assert.equal(port, new URL(API).port, 'it leads to where the server listens');
  return pathname + search;
}

export const csrf = ({ api }) => answered(204, api.get('/sanctum/csrf-cookie'));
export const whoIsIt = async ({ api }) => (await answered(200, api.get('/api/user'))).data;
export const isGuest = ({ api }) => refused(401, api.get('/api/user'));

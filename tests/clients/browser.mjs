// A browser: a window of jsdom with a cookie jar of its own, and in it axios as a page loads it.
// Requests go through the window's XMLHttpRequest, so origin, preflight, cookies and what a script
// may read of an answer are a browser's.

import { setDefaultResultOrder } from 'node:dns';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { navigation } from './navigation.mjs';

// Older Nodes try `::1` alone for localhost, and the server listens on 127.0.0.1.
setDefaultResultOrder('ipv4first');

const require = createRequire(import.meta.url);
const { CookieJar, JSDOM, ResourceLoader, VirtualConsole } = require('jsdom');
// What a page loads by <script>, beside the build for Node.
const axiosScript = readFileSync(join(dirname(require.resolve('axios')), '../axios.min.js'), 'utf8');

/** Opens a page in a new browser. */
export function openBrowser({ page, userAgent }) {
  const cookieJar = new CookieJar();
  const { window } = new JSDOM('<!DOCTYPE html><title>App</title>', {
    url: page,
    cookieJar,
    // A refusal is an error of axios, which is looked at; the browser's console is not.
    virtualConsole: new VirtualConsole(),
    resources: new ResourceLoader({ userAgent }),
    runScripts: 'outside-only',
  });
  window.eval(axiosScript);
  return {
    axios: window.axios,
    create: (settings) => window.axios.create(settings),
    readableCookies: () => window.document.cookie,
    ...navigation(cookieJar, userAgent),
  };
}

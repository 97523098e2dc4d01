// A browser: a window of jsdom with a cookie jar of its own, and in it axios as a page loads it.
// Requests go through the window's XMLHttpRequest, so origin, preflight, cookies and what a script
// may read of an answer are a browser's.

import { setDefaultResultOrder } from 'node:dns';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

// Older Nodes try `::1` alone for localhost, and the server listens on 127.0.0.1.
setDefaultResultOrder('ipv4first');

// NODE_PATH guides `require`, not `import`: `cargo xtask test` installs elsewhere.
const require = createRequire(import.meta.url);
const { CookieJar, JSDOM, ResourceLoader, VirtualConsole } = require('jsdom');
// What a page loads by <script>, beside the build for Node.
const axiosScript = readFileSync(join(dirname(require.resolve('axios')), '../axios.min.js'), 'utf8');

/** Opens a page in a new browser: `window.axios` is there, nothing else. */
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

  /** Opens a link, as a click on it in a mail does: no script's request, nothing about an origin. */
  const visit = (url) => navigate('GET', url, {});

  /** Presses the button of the page that `visit` gave, with more fields where it has some. */
  const submit = ({ url, document }, more = {}) => {
    const form = document.querySelector('form');
    const fields = new URLSearchParams({
      ...Object.fromEntries([...form.elements].filter((it) => it.name).map((it) => [it.name, it.value])),
      ...more,
    });
    const headers = {
      Origin: new URL(url).origin,
      'Content-Type': 'application/x-www-form-urlencoded',
    };
    return navigate('POST', new URL(form.getAttribute('action') ?? '', url).href, headers, fields.toString());
  };

  const navigate = async (method, url, headers, body) => {
    const answer = await fetch(url, {
      method,
      body,
      redirect: 'manual',
      headers: {
        Accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8',
        'User-Agent': userAgent,
        Cookie: await cookieJar.getCookieString(url),
        ...headers,
      },
    });
    for (const cookie of answer.headers.getSetCookie()) {
      await cookieJar.setCookie(cookie, url, { ignoreError: true });
    }
    const { document } = new JSDOM(await answer.text()).window;
    return { url, status: answer.status, location: answer.headers.get('location'), document };
  };

  return { axios: window.axios, document: window.document, visit, submit };
}

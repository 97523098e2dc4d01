// What a browser does without scripts: it opens a link, and sends the form of a page.

import { createRequire } from 'node:module';

// NODE_PATH guides `require`, not `import`: `cargo xtask test` installs elsewhere.
const { JSDOM } = createRequire(import.meta.url)('jsdom');

/** Links and forms with the cookies of this jar. */
export function navigation(cookieJar, userAgent) {
  /** Opens a link, as a click on it in a mail does. */
  const visit = (url) => go('GET', url, {});

  /** Presses the button of a page that was opened. */
  const submit = ({ url, document }) => {
    const form = document.querySelector('form');
    const fields = [...form.elements].filter((field) => field.name).map((field) => [field.name, field.value]);
    const headers = {
      Origin: new URL(url).origin,
      'Content-Type': 'application/x-www-form-urlencoded',
    };
    const target = new URL(form.getAttribute('action') ?? '', url).href;
    return go('POST', target, headers, new URLSearchParams(fields).toString());
  };

  const go = async (method, url, headers, body) => {
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
    for (const cookie of answer.headers.getSetCookie()) await cookieJar.setCookie(cookie, url);
    const { document } = new JSDOM(await answer.text()).window;
    return { url, status: answer.status, location: answer.headers.get('location'), document };
  };

  return { visit, submit };
}

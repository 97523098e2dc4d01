// A program in Node, with axios' build for Node. It has no cookies and no page, so it keeps a jar,
// names the front end that it stands for, and sends the token itself, as such programs do.

import { setDefaultResultOrder } from 'node:dns';
import { createRequire } from 'node:module';
import { navigation } from './navigation.mjs';

// Older Nodes try `::1` alone for localhost, and the server listens on 127.0.0.1.
setDefaultResultOrder('ipv4first');

const require = createRequire(import.meta.url);
const axios = require('axios');
const { CookieJar } = require('jsdom');

/** Starts a program of its own. */
export function openNode({ page, userAgent }) {
  const cookieJar = new CookieJar();
  let last = page;

  const create = (settings) => {
    const api = axios.create(settings);
    api.interceptors.request.use(async (request) => {
      last = new URL(request.url, request.baseURL).href;
      const cookies = await cookieJar.getCookies(last);
      const token = cookies.find((cookie) => cookie.key === 'XSRF-TOKEN');
      request.headers.set({
        'User-Agent': userAgent,
        Referer: `${page}/`,
        Cookie: cookies.map((cookie) => cookie.cookieString()).join('; '),
        ...(token && { 'X-XSRF-TOKEN': decodeURIComponent(token.value) }),
      });
      return request;
    });
    const keep = async (answer) => {
      const url = new URL(answer.config.url, answer.config.baseURL).href;
      for (const cookie of answer.headers['set-cookie'] ?? []) await cookieJar.setCookie(cookie, url);
    };
    api.interceptors.response.use(
      (answer) => keep(answer).then(() => answer),
      (error) => Promise.resolve(error.response && keep(error.response)).then(() => Promise.reject(error)),
    );
    return api;
  };

  const readableCookies = () => {
    const cookies = cookieJar.getCookiesSync(last).filter((cookie) => !cookie.httpOnly);
    return cookies.map((cookie) => cookie.cookieString()).join('; ');
  };

  return { create, readableCookies, ...navigation(cookieJar, userAgent) };
}

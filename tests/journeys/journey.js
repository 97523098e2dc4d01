// What every journey has: a running BeatPass, and browsers in which nothing may go wrong unseen.

import { test as base, expect } from '@playwright/test';
import { freePort, startBeatPass, startDevServer, startProvider } from './program.js';
import { watch } from './watch.js';

export { expect };
export { look, picture } from './look.js';

export const test = base.extend({
  /** BeatPass with its demo, for all journeys of one worker. */
  beatpass: [
    async ({}, use) => {
      const providerPort = await freePort();
      const program = await startBeatPass(providerPort);
      await use({ ...program, providerPort });
      await program.end();
    },
    { scope: 'worker', timeout: 90_000 },
  ],

  /** The provider behind the button "Google". */
  provider: [
    async ({ beatpass }, use) => {
      const program = await startProvider(beatpass.providerPort, beatpass.address);
      await use(program);
      await program.end();
    },
    { scope: 'worker', timeout: 90_000 },
  ],

  /** The front end on a port of its own, as developers have it. */
  devServer: async ({ beatpass }, use) => {
    const server = await startDevServer(beatpass.address);
    await use(server);
    await server.end();
  },

  baseURL: async ({ beatpass }, use) => use(beatpass.address),

  watched: async ({}, use) => {
    const watched = watch();
    await use(watched);
    expect(watched.found(), 'nothing goes wrong behind the pages').toEqual([]);
  },

  context: async ({ context, watched }, use) => {
    watched.over(context);
    await use(context);
  },

  /** Opens a browser of somebody else, or of the same person on another device. */
  another: async ({ browser, contextOptions, baseURL, viewport, colorScheme, isMobile, watched }, use) => {
    const opened = [];
    await use(async (more = {}) => {
      const settings = { ...contextOptions, baseURL, viewport, colorScheme, isMobile, ...more };
      const context = await browser.newContext(settings);
      watched.over(context);
      opened.push(context);
      return context.newPage();
    });
    for (const context of opened) await context.close();
  },
});

// How the journeys are walked: each on a desk by day and on a phone by night. `cargo xtask journeys`
// says where the program, the browser and the output are.

import { defineConfig } from '@playwright/test';
import { OUTPUT } from './program.js';

export default defineConfig({
  testDir: '.',
  outputDir: `${OUTPUT}/results`,
  workers: 2,
  forbidOnly: true,
  // A busy machine may be too slow once; what is wrong is wrong twice. The report names the first.
  retries: 1,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    locale: 'en-US',
    screenshot: 'only-on-failure',
    // What moves is looked at when it stands.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      executablePath: process.env.JOURNEYS_BROWSER ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // A beat is heard by whoever pressed Play; nobody is here to listen.
        '--mute-audio',
      ],
    },
  },
  projects: [
    { name: 'desktop', use: { viewport: { width: 1280, height: 800 }, colorScheme: 'light' } },
    {
      name: 'phone',
      use: {
        viewport: { width: 390, height: 844 },
        colorScheme: 'dark',
        isMobile: true,
        hasTouch: true,
      },
    },
  ],
});

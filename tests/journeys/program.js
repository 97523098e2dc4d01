// The programs of a journey: each on a port of its own, in a folder of its own, gone at the end.

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = resolve(import.meta.dirname, '../..');
const TARGET = join(ROOT, 'target');
export const OUTPUT = process.env.JOURNEYS_OUTPUT ?? join(TARGET, 'test-journeys');
const PROGRAM = process.env.BEATPASS_PROGRAM ?? join(TARGET, 'debug/beatpass');
const CLIENTS = process.env.NODE_PATH ?? join(TARGET, 'test-clients/node_modules');
const WEB = join(ROOT, 'examples/beatpass/web');

/** What a machine that is busy may need to start one. */
const PATIENCE = 60_000;

/** How long one may take to end once it is asked to. */
const FAREWELL = 5_000;

/** Cheap hashes, and room for many people behind one address. */
const SETTINGS = {
  ADYTON_HASHING_MEMORY_KIB: '64',
  ADYTON_HASHING_ITERATIONS: '1',
  ADYTON_HASHING_FAILURE_FLOOR: '0',
  ...Object.fromEntries(
    ['LOGIN', 'REGISTER', 'TWO_FACTOR', 'PUBLIC', 'ME', 'CONFIRM', 'ADMIN', 'SOCIAL'].map((limit) => [
      `ADYTON_THROTTLE_${limit}`,
      '10000/1m',
    ]),
  ),
};

/** BeatPass with its demo, and with a provider that may come later at this address. */
export async function startBeatPass(providerPort) {
  const folder = await mkdtemp(join(tmpdir(), 'beatpass-journey-'));
  const words = ['--demo', '--listen', '127.0.0.1:0', '--database', `sqlite:${folder}/beatpass.db`];
  const program = start(PROGRAM, words, folder, {
    ...SETTINGS,
    BEATPASS_WEB: join(WEB, 'dist'),
    ADYTON_SOCIAL_GOOGLE_KIND: 'oidc',
    ADYTON_SOCIAL_GOOGLE_ISSUER: `http://127.0.0.1:${providerPort}`,
    ADYTON_SOCIAL_GOOGLE_CLIENT_ID: 'google',
    ADYTON_SOCIAL_GOOGLE_CLIENT_SECRET: 'a-secret-between-the-two-of-them',
  });
  const clear = () => rm(folder, { recursive: true, force: true });
  const [, port] = await program.says(/listens on http:.*:(\d+)/).catch(async (error) => {
    await clear();
    throw error;
  });
  const address = `http://localhost:${port}`;
  const end = async () => {
    await program.end();
    await clear();
    const wrong = program.said().filter((line) => / ERROR |panicked/.test(line));
    if (wrong.length > 0) throw new Error(`BeatPass said\n${wrong.join('\n')}`);
  };
  return { address, folder, end };
}

/** A real OpenID Connect server, whose pages a browser walks. */
export async function startProvider(port, host) {
  const words = ['provider.mjs', `${host}/auth/{name}/callback`, String(port)];
  const program = start(process.execPath, words, join(ROOT, 'tests/clients'), { NODE_PATH: CLIENTS });
  await program.says(/^http:/);
  return program;
}

/** The front end's own server for development, in front of a host. */
export async function startDevServer(host) {
  const words = ['node_modules/vite/bin/vite.js', '--port', String(await freePort()), '--clearScreen', 'false'];
  const program = start(process.execPath, words, WEB, { VITE_API: host, NO_COLOR: '1' });
  // Where another took the port meanwhile, it takes the next one.
  const [, port] = await program.says(/Local:.*:(\d+)/);
  return { address: `http://localhost:${port}`, end: program.end };
}

/** A port that is free now. */
export async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

function start(file, words, folder, settings) {
  const foreign = ([name]) => !/^(ADYTON|BEATPASS)_/.test(name);
  const own = Object.fromEntries(Object.entries(process.env).filter(foreign));
  const child = spawn(file, words, { cwd: folder, env: { ...own, ...settings }, stdio: 'pipe' });
  const [lines, ended] = [[], new Promise((over) => child.once('close', over))];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => lines.push(line));
  }
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  /** What is found of the words in the first line that has them. */
  const says = async (words) => {
    const deadline = Date.now() + PATIENCE;
    for (;;) {
      const found = lines.map((line) => words.exec(line)).find(Boolean);
      if (found) return found;
      if (hasEnded() || Date.now() > deadline) {
        child.kill('SIGKILL');
        await ended;
        throw new Error(`${file} does not say ${words}, but\n${lines.join('\n')}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const end = async () => {
    const slow = setTimeout(() => child.kill('SIGKILL'), FAREWELL);
    child.kill();
    await ended;
    clearTimeout(slow);
  };
  return { says, end, said: () => lines };
}

// A real OpenID Connect server, panva's oidc-provider, and beside its endpoints the profiles of
// Facebook, X and GitHub in their own words. Its first line of output is its issuer. Every line of
// input is the address that a browser is sent to; its user logs in, agrees, and the line of output is
// the address that the browser comes back with.
//
//   node provider.mjs http://localhost:8000/auth/{name}/callback [port]

import { createHmac, generateKeyPairSync } from 'node:crypto';
import { setDefaultResultOrder } from 'node:dns';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { navigation } from './navigation.mjs';

setDefaultResultOrder('ipv4first');

// The server's advice is not for whoever reads our lines.
console.info = console.error;

// NODE_PATH guides `require`, not `import`.
const require = createRequire(import.meta.url);
const { CookieJar } = require('jsdom');
const { default: Provider } = await import(pathToFileURL(require.resolve('oidc-provider')));

const [CALLBACK, PORT = '0'] = process.argv.slice(2);
const PERSON = 'ana-of-the-provider';
const SECRET = 'a-secret-between-the-two-of-them';

const person = {
  sub: PERSON,
  name: 'Ana Example',
  email: 'ana@example.com',
  email_verified: true,
};

const key = (kind, options, alg) => ({
  ...generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' }),
  alg,
  kid: alg,
  use: 'sig',
});

const client = (name, more) => ({
  client_id: name,
  client_secret: SECRET,
  redirect_uris: [CALLBACK.replace('{name}', name)],
  grant_types: ['authorization_code'],
  response_types: ['code'],
  ...more,
});

const byForm = { token_endpoint_auth_method: 'client_secret_post' };

const configuration = {
  clients: [
    client('google', {}),
    client('es256', { id_token_signed_response_alg: 'ES256' }),
    client('eddsa', { id_token_signed_response_alg: 'EdDSA', ...byForm }),
    client('ps256', { id_token_signed_response_alg: 'PS256' }),
    client('public', { client_secret: undefined, token_endpoint_auth_method: 'none' }),
    client('facebook', byForm),
    client('x', {}),
    client('github', byForm),
  ],
  jwks: {
    keys: [
      key('rsa', { modulusLength: 2048 }, 'RS256'),
      key('rsa', { modulusLength: 2048 }, 'PS256'),
      key('ec', { namedCurve: 'P-256' }, 'ES256'),
      key('ed25519', {}, 'EdDSA'),
    ],
  },
  enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256', 'EdDSA'] },
  cookies: { keys: [SECRET] },
  pkce: { required: () => true },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  scopes: ['openid', 'public_profile', 'users.read', 'tweet.read', 'users.email', 'read:user', 'user:email'],
  features: { devInteractions: { enabled: true } },
  // Whoever logs in by an address has that one.
  findAccount: (_, id) => {
    const email = id.includes('@') ? id : person.email;
    return { accountId: id, claims: () => ({ ...person, email, sub: id }) };
  },
};

/** Profiles of those who have no OpenID Connect, by path; `undefined` is refused. */
const profiles = {
  '/facebook/me': ({ query }, token) => {
    const proof = createHmac('sha256', SECRET).update(token).digest('hex');
    const asked = query.fields.split(',');
    const all = { id: PERSON, name: person.name, email: person.email };
    const told = Object.entries(all).filter(([name]) => asked.includes(name));
    return query.appsecret_proof === proof ? Object.fromEntries(told) : undefined;
  },
  '/x/me': ({ query }) => {
    const more = query['user.fields'] === 'confirmed_email' && { confirmed_email: person.email };
    return { data: { id: PERSON, name: person.name, username: 'ana', ...more } };
  },
  '/github/user': () => ({ id: 4711, login: 'ana', name: person.name, email: null }),
  '/github/user/emails': () => [{ email: person.email, primary: true, verified: true, visibility: 'private' }],
};

let provider;
const { createServer } = await import('node:http');
const server = createServer((request, answer) => provider.callback()(request, answer));
await new Promise((listening) => server.listen(Number(PORT), '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

provider = new Provider(issuer, configuration);
provider.use(async (context, next) => {
  const profile = profiles[context.path];
  if (!profile) return next();
  const [kind, value] = context.get('authorization').split(' ');
  const token = kind === 'Bearer' && (await provider.AccessToken.find(value));
  const told = token?.accountId === PERSON ? profile(context, value) : undefined;
  context.status = told ? 200 : 401;
  context.body = told ?? {};
});

/** Walks as a browser does, with cookies of its own, until it is sent back to us. */
async function come(url) {
  const browser = navigation(new CookieJar(), 'Mozilla/5.0');
  let page = await browser.visit(url);
  for (let step = 0; step < 12; step += 1) {
    if (page.location) {
      const next = new URL(page.location, page.url).href;
      if (!next.startsWith(issuer)) return next;
      page = await browser.visit(next);
    } else {
      const field = (name) => page.document.querySelector(`[name=${name}]`);
      if (!field('prompt')) return `refused ${page.status} ${page.document.body.textContent.trim()}`;
      if (field('login')) {
        field('login').value = PERSON;
        field('password').value = 'any';
      }
      page = await browser.submit(page);
    }
  }
  return `lost at ${page.url}`;
}

console.log(issuer);
for await (const line of createInterface({ input: process.stdin })) {
  console.log((await come(line)).replaceAll('\n', ' '));
}
process.exit();

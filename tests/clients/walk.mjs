// The whole life of an account, walked by a client that was written for Laravel: axios, unmodified,
// in the pages of a front end at another origin of the same site, or in a program.
//
//   node walk.mjs browser http://localhost:8000 http://localhost:3000
//
// The server is `adyton dev`, for its mailbox; its `stateful.origins` has the page's origin, its
// `links.password_reset` leads to `/password-reset/{token}?email={email}` there.

import assert from 'node:assert/strict';
import { Authenticator } from './authenticator.mjs';
import { API, KIND, PAGE, csrf, isGuest, laptop, open, pathOf, phone, whoIsIt } from './front-ends.mjs';
import { mailTo } from './mailbox.mjs';
import { answered, atMost, done, invalid, refused, same, step } from './steps.mjs';

const ANA = { name: 'Ana', email: 'ana@example.com' };
const BOB = { name: 'Bob', email: 'bob@example.com' };
const NEW_EMAIL = 'ana.new@example.com';
const FIRST = 'seven green lanterns over water';
const SECOND = 'a slow ferry to the grey islands';
const THIRD = 'nine copper kettles in the snow';

const isThis = (session) => session.is_current_device;

/** Logs in with the password, up to the second factor. */
async function challenge(browser, email, password) {
  await csrf(browser);
  const { data } = await answered(200, browser.api.post('/login', { email, password, remember: false }));
  assert.equal(data.two_factor, true);
}

/** Logs in with the password and a second factor. */
async function logIn(browser, email, password, factor) {
  await challenge(browser, email, password);
  await answered(204, browser.api.post('/two-factor-challenge', factor));
}

const ana = laptop();
const other = phone();
atMost(180);

// ---- register

if (KIND === 'browser') {
  await step('a page of a stranger may read nothing', async () => {
    const stranger = open({ page: 'http://stranger.localhost:3000', userAgent: 'Mozilla/5.0' });
    await assert.rejects(
      stranger.axios.get(`${API}/api/user`, { withCredentials: true }),
      (error) => error.response === undefined && error.code === 'ERR_NETWORK',
    );
  });
}

await step('a guest is told so, and a script may read the refusal', async () => {
  const { data } = await isGuest(ana);
  assert.equal(data.message, 'Unauthenticated.');
});

await step('without csrf-cookie a post is a 419, which front ends know', async () => {
  await refused(419, ana.api.post('/login', { email: ANA.email, password: FIRST }));
});

await step('csrf-cookie gives a token that the page can read, and a session that it cannot', async () => {
  await csrf(ana);
  assert.match(ana.readableCookies(), /^XSRF-TOKEN=[^;]+$/);
});

await step('a registration with faults is told field by field', async () => {
  const request = ana.api.post('/register', { name: '', email: 'ana', password: FIRST, password_confirmation: 'x' });
  const { data } = await refused(422, request);
  assert.deepEqual(Object.keys(data.errors).sort(), ['email', 'name', 'password']);
});

await step('register: 201, and logged in', async () => {
  const { data } = await answered(201, ana.api.post('/register', { ...ANA, password: FIRST, password_confirmation: FIRST }));
  assert.equal(data, '');
  const user = await whoIsIt(ana);
  assert.equal(user.email_verified_at, null);
  assert.deepEqual([user.name, user.email], [ANA.name, ANA.email]);
  assert.deepEqual([typeof user.id, typeof user.created_at], ['number', 'string']);
});

await step('a route for guests answers a script that is logged in with JSON, no redirect', async () => {
  await refused(409, ana.api.post('/login', { email: ANA.email, password: FIRST }));
});

// ---- verify

const { links } = await step('the mail that proves the address is sent again', async () => {
  const first = await mailTo(API, ANA.email, 'Confirm your address');
  const { data } = await answered(202, ana.api.post('/email/verification-notification'));
  assert.equal(data.status, 'verification-link-sent');
  return mailTo(API, ANA.email, 'Confirm your address', first);
});

await step('a forged link is refused', async () => {
  const path = pathOf(links[0]).replace(/[^/=]+$/, (secret) => [...secret].reverse().join(''));
  await refused(403, ana.api.get(path));
  assert.equal((await whoIsIt(ana)).email_verified_at, null);
});

await step('the link, asked for with the session as a single-page app does: 204, verified', async () => {
  await answered(204, ana.api.get(pathOf(links[0])));
  assert.match((await whoIsIt(ana)).email_verified_at, /^\d{4}-\d\d-\d\dT/);
});

await step('verified already: asking for the mail gives 204', async () => {
  await answered(204, ana.api.post('/email/verification-notification'));
});

await step('another account verifies on the page that the link leads to, with a button', async () => {
  const bob = phone();
  await csrf(bob);
  await answered(201, bob.api.post('/register', { ...BOB, password: FIRST, password_confirmation: FIRST }));
  const { links } = await mailTo(API, BOB.email, 'Confirm your address');
  const link = API + pathOf(links[0]);
  const page = await bob.visit(link);
  assert.equal(page.status, 200);
  assert.equal((await whoIsIt(bob)).email_verified_at, null, 'looking at the page does nothing');
  const after = await bob.submit(page);
  assert.equal(after.status, 302);
  assert.match(after.location, /verified=1$/);
  assert.notEqual((await whoIsIt(bob)).email_verified_at, null);
  await answered(204, bob.api.post('/logout'));
});

// ---- a second factor

await step('setting up a second factor asks for the password once more: 423', async () => {
  const { data } = await refused(423, ana.api.post('/user/two-factor-authentication'));
  assert.equal(data.message, 'Password confirmation required.');
  const status = await answered(200, ana.api.get('/user/confirmed-password-status'));
  assert.equal(status.data.confirmed, false);
});

await step('a wrong password confirms nothing, the right one does: 201', async () => {
  await invalid('password', ana.api.post('/user/confirm-password', { password: SECOND }));
  await answered(201, ana.api.post('/user/confirm-password', { password: FIRST }));
  const status = await answered(200, ana.api.get('/user/confirmed-password-status'));
  assert.equal(status.data.confirmed, true);
});

const { app, codes } = await step('enable: QR code, secret key and recovery codes', async () => {
  await refused(404, ana.api.get('/user/two-factor-secret-key'));
  await answered(200, ana.api.post('/user/two-factor-authentication'));
  const qr = (await answered(200, ana.api.get('/user/two-factor-qr-code'))).data;
  assert.match(qr.svg, /^<svg /);
  const app = new Authenticator(qr.url);
  const { secretKey } = (await answered(200, ana.api.get('/user/two-factor-secret-key'))).data;
  assert.equal(app.secretKey, secretKey);
  assert.ok(app.label.endsWith(`:${ANA.email}`), app.label);
  const codes = (await answered(200, ana.api.get('/user/two-factor-recovery-codes'))).data;
  assert.equal(codes.length, 8);
  assert.match(codes[0], /^[A-Za-z0-9]{10}-[A-Za-z0-9]{10}$/);
  return { app, codes: [...codes] };
});

await step('confirm: a wrong code is a 422, the right one turns it on', async () => {
  const wrong = { code: app.wrong() };
  await invalid('code', ana.api.post('/user/confirmed-two-factor-authentication', wrong));
  await answered(200, ana.api.post('/user/confirmed-two-factor-authentication', { code: await app.next() }));
});

await step('log out: 204, and a guest again', async () => {
  await answered(204, ana.api.post('/logout'));
  await isGuest(ana);
});

// ---- log in with two factors

await step('wrong credentials are a 422 at the address', async () => {
  await csrf(ana);
  const [said] = await invalid('email', ana.api.post('/login', { email: ANA.email, password: SECOND }));
  assert.equal(said, 'These credentials do not match our records.');
});

await step('the password alone lets nobody in: two_factor', async () => {
  await challenge(ana, ANA.email, FIRST);
  await isGuest(ana);
});

const used = await step('a wrong code is a 422, the right one a 204, and the login is whole', async () => {
  await invalid('code', ana.api.post('/two-factor-challenge', { code: app.wrong() }));
  const code = await app.next();
  await answered(204, ana.api.post('/two-factor-challenge', { code }));
  assert.equal((await whoIsIt(ana)).email, ANA.email);
  return code;
});

await step('the same code counts once: another browser is refused', async () => {
  await challenge(other, ANA.email, FIRST);
  await invalid('code', other.api.post('/two-factor-challenge', { code: used }));
  await isGuest(other);
});

await step('a recovery code lets the other browser in, once', async () => {
  await invalid('recovery_code', other.api.post('/two-factor-challenge', { recovery_code: 'AAAAAAAAAA-BBBBBBBBBB' }));
  const code = codes.shift();
  await answered(204, other.api.post('/two-factor-challenge', { recovery_code: code }));
  assert.equal((await whoIsIt(other)).email, ANA.email);
  const third = phone();
  await challenge(third, ANA.email, FIRST);
  await invalid('recovery_code', third.api.post('/two-factor-challenge', { recovery_code: code }));
});

// ---- recover

await step('forgot password: the same answer for an address that nobody has', async () => {
  const guest = phone();
  await csrf(guest);
  const known = (await answered(200, guest.api.post('/forgot-password', { email: ANA.email }))).data;
  const unknown = (await answered(200, guest.api.post('/forgot-password', { email: 'nobody@example.com' }))).data;
  assert.equal(known.status, 'We have emailed your password reset link.');
  assert.equal(known.message, known.status);
  same(unknown, { ...known });
});

await step('the mailed link leads to the front end, and its token sets a new password', async () => {
  const { links } = await mailTo(API, ANA.email, 'A new password');
  const link = new URL(links[0]);
  assert.equal(link.origin, PAGE);
  assert.equal(link.searchParams.get('email'), ANA.email);
  const guest = phone();
  await csrf(guest);
  const form = { token: link.pathname.split('/').pop(), email: ANA.email, password: SECOND };
  const send = (more) => guest.api.post('/reset-password', { ...form, ...more });
  await invalid('password', send({ password_confirmation: FIRST }));
  await invalid('email', send({ token: 'another', password_confirmation: SECOND }));
  const { data } = await answered(200, send({ password_confirmation: SECOND }));
  assert.equal(data.status, 'Your password has been reset.');
  assert.equal(data.message, data.status);
  await isGuest(guest);
  await invalid('email', send({ password_confirmation: SECOND }));
});

await step('every session from before has ended', async () => {
  await isGuest(ana);
  await isGuest(other);
});

await step('the old password is refused, the new one and a code let in', async () => {
  await csrf(ana);
  await invalid('email', ana.api.post('/login', { email: ANA.email, password: FIRST }));
  await logIn(ana, ANA.email, SECOND, { code: await app.next() });
  await logIn(other, ANA.email, SECOND, { recovery_code: codes.shift() });
});

// ---- change

await step('change the password: this session stays, the others end', async () => {
  const change = (current_password) =>
    ana.api.put('/user/password', { current_password, password: THIRD, password_confirmation: THIRD });
  await invalid('current_password', change(FIRST));
  const { data } = await answered(200, change(SECOND));
  assert.equal(data, '');
  assert.equal((await whoIsIt(ana)).email, ANA.email);
  await isGuest(other);
});

await step('change the name', async () => {
  await answered(200, ana.api.put('/user/profile-information', { name: 'Ana María', email: ANA.email }));
  assert.equal((await whoIsIt(ana)).name, 'Ana María');
});

await step('change the address: it is the old one until the new one is proved', async () => {
  await confirm(ana, THIRD);
  await answered(200, ana.api.put('/user/profile-information', { name: 'Ana María', email: NEW_EMAIL }));
  assert.equal((await whoIsIt(ana)).email, ANA.email);
  const { links } = await mailTo(API, NEW_EMAIL, 'Confirm your new address');
  const page = await ana.visit(API + pathOf(links[0]));
  assert.equal(page.status, 200);
  assert.equal((await whoIsIt(ana)).email, ANA.email, 'looking at the page does nothing');
  const after = await ana.submit(page);
  assert.ok(after.status < 400, `${after.status}: ${after.document.body.textContent}`);
  const user = await whoIsIt(ana);
  assert.equal(user.email, NEW_EMAIL);
  assert.notEqual(user.email_verified_at, null);
  await mailTo(API, ANA.email, 'The address of your account');
});

// ---- sessions

const token = await step('a token for a program', async () => {
  await confirm(ana, THIRD);
  const { data } = await answered(201, ana.api.post('/api/v1/me/tokens', { name: 'backup' }));
  return data.data.token;
});

const withToken = () =>
  open({ page: PAGE, userAgent: 'backup/1.0' })
    .create({ headers: { Authorization: `Bearer ${token}` } })
    .get(`${API}/api/v1/me`);

await step('the list of sessions shows both browsers, and which one this is', async () => {
  await logIn(other, NEW_EMAIL, THIRD, { recovery_code: codes.shift() });
  const sessions = await listed(ana);
  assert.equal(sessions.length, 2, JSON.stringify(sessions));
  const [here, there] = [sessions.find(isThis), sessions.find((one) => !isThis(one))];
  assert.deepEqual([here.agent.browser, there.agent.browser], ['Firefox', 'Safari']);
  assert.deepEqual([here.ip_address, there.ip_address], ['127.0.0.1', '127.0.0.1']);
});

await step('end one session: the other browser is a guest, this one is not', async () => {
  const [session] = (await listed(ana)).filter((one) => !isThis(one));
  await answered(200, ana.api.delete(`/user/sessions/${session.id}`));
  await isGuest(other);
  assert.equal((await listed(ana)).length, 1);
});

await step('end all others: both browsers are guests, this one and the token are not', async () => {
  const third = phone();
  await logIn(other, NEW_EMAIL, THIRD, { recovery_code: codes.shift() });
  await logIn(third, NEW_EMAIL, THIRD, { recovery_code: codes.shift() });
  await invalid('password', ana.api.delete('/user/other-browser-sessions', { data: { password: FIRST } }));
  await answered(204, ana.api.delete('/user/other-browser-sessions', { data: { password: THIRD } }));
  await isGuest(other);
  await isGuest(third);
  assert.equal((await whoIsIt(ana)).email, NEW_EMAIL);
  await answered(200, withToken());
});

// ---- the end

await step('new recovery codes take the place of the old ones', async () => {
  await confirm(ana, THIRD);
  await answered(200, ana.api.post('/user/two-factor-recovery-codes'));
  const { data } = await answered(200, ana.api.get('/user/two-factor-recovery-codes'));
  assert.equal(data.length, 8);
  assert.ok(codes.every((code) => !data.includes(code)));
});

await step('without the second factor the password lets in: two_factor is false', async () => {
  await confirm(ana, THIRD);
  await answered(200, ana.api.delete('/user/two-factor-authentication'));
  same((await answered(200, ana.api.get('/user/two-factor-qr-code'))).data, []);
  await csrf(other);
  const { data } = await answered(200, other.api.post('/login', { email: NEW_EMAIL, password: THIRD, remember: true }));
  same(data, { two_factor: false });
  assert.equal((await whoIsIt(other)).name, 'Ana María');
});

await step('log out: both browsers are guests', async () => {
  for (const browser of [ana, other]) {
    await answered(204, browser.api.post('/logout'));
    await isGuest(browser);
    await refused(401, browser.api.post('/logout'));
  }
});

done();

/** As front ends do before something sensitive: ask whether the password was given lately. */
async function confirm({ api }, password) {
  const { data } = await answered(200, api.get('/user/confirmed-password-status'));
  if (!data.confirmed) await answered(201, api.post('/user/confirm-password', { password }));
}

/** Where the user is logged in by a browser; tokens stand in the same list. */
async function listed({ api }) {
  const { data } = await answered(200, api.get('/user/sessions'));
  return data.sessions.filter((session) => session.type === 'session');
}

// The same front end where `registration.mode` is `verify_first`: there is no account, and nobody
// is logged in, before the mailed link was followed.
//
//   node verify-first.mjs browser http://localhost:8000 http://localhost:3000

import assert from 'node:assert/strict';
import { API, csrf, isGuest, laptop, pathOf, phone, whoIsIt } from './front-ends.mjs';
import { mailTo } from './mailbox.mjs';
import { answered, atMost, done, invalid, same, step } from './steps.mjs';

const ANA = { name: 'Ana', email: 'ana@example.com' };
const PASSWORD = 'seven green lanterns over water';
const form = { ...ANA, password: PASSWORD, password_confirmation: PASSWORD };
const credentials = { email: ANA.email, password: PASSWORD };

const ana = laptop();
atMost(120);

await step('register: 201, and still a guest', async () => {
  await csrf(ana);
  await answered(201, ana.api.post('/register', form));
  await isGuest(ana);
  await invalid('email', ana.api.post('/login', credentials));
});

await step('the mailed link leads to a page, whose button makes the account', async () => {
  const { links } = await mailTo(API, ANA.email, 'Finish your registration');
  const page = await ana.visit(API + pathOf(links[0]));
  assert.equal(page.status, 200);
  await invalid('email', ana.api.post('/login', credentials));
  assert.equal((await ana.submit(page)).status, 200);
});

await step('log in: the address is proved already', async () => {
  same((await answered(200, ana.api.post('/login', credentials))).data, { two_factor: false });
  assert.notEqual((await whoIsIt(ana)).email_verified_at, null);
});

await step('whoever registers with the same address is told the same', async () => {
  const other = phone();
  await csrf(other);
  await answered(201, other.api.post('/register', form));
  await isGuest(other);
  await mailTo(API, ANA.email, 'You already have an account');
});

done();

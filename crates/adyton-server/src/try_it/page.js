// A front end in one file, without a library: every request of it is shown on the page.

const byId = (id) => document.getElementById(id);
const show = (...ids) => {
  for (const id of ['stranger', 'challenge', 'confirm', 'member']) {
    byId(id).hidden = !ids.includes(id);
  }
};

class Refused extends Error {
  constructor(status, code, body) {
    super(body?.message || `The server answered ${status}.`);
    this.status = status;
    this.code = code;
  }
}

function xsrf() {
  const found = document.cookie.split('; ').find((pair) => pair.startsWith('XSRF-TOKEN='));
  return found ? decodeURIComponent(found.slice('XSRF-TOKEN='.length)) : '';
}

async function ask(method, path, body) {
  const headers = { Accept: 'application/json' };
  if (method !== 'GET') {
    if (!xsrf()) await fetch('/sanctum/csrf-cookie');
    headers['X-XSRF-TOKEN'] = xsrf();
    headers['Content-Type'] = 'application/json';
  }
  const sent = method === 'GET' ? undefined : JSON.stringify(body ?? {});
  const answer = await fetch(path, { method, headers, body: sent });
  const code = answer.headers.get('X-Adyton-Code');
  const line = document.createElement('li');
  const reason = answer.headers.get('X-Adyton-Reason');
  line.textContent = [`${method} ${path} → ${answer.status}`, code, reason].filter(Boolean).join(' · ');
  byId('log').prepend(line);
  const text = await answer.text();
  let read = null;
  try { read = text ? JSON.parse(text) : null; } catch { /* It is no JSON. */ }
  if (!answer.ok) throw new Refused(answer.status, code, read);
  return read;
}

let again = null;

/** Runs something; where it takes a confirmation, asks for that and runs it once more. */
async function attempt(what) {
  byId('message').textContent = '';
  try {
    await what();
  } catch (error) {
    if (error.status === 423) {
      again = what;
      show('member', 'confirm');
      byId('confirm-form').password.focus();
      return;
    }
    if (error.code === 'LOGIN_CODE_REQUIRED') {
      byId('code-request').hidden = false;
      byId('mailed').hidden = false;
    }
    byId('message').textContent = error.message;
  }
}

async function confirmed() {
  const what = again;
  again = null;
  show('member');
  if (what) await attempt(what);
}

function button(words, act) {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = words;
  made.addEventListener('click', () => attempt(act));
  return made;
}

function entry(list, words, ...buttons) {
  const line = document.createElement('li');
  line.append(`${words} `, ...buttons);
  byId(list).append(line);
}

async function refresh() {
  let user = null;
  try {
    user = await ask('GET', '/api/user');
  } catch (error) {
    if (error.status !== 401) throw error;
  }
  byId('who').textContent = user ? `${user.name}, ${user.email}` : 'Nobody.';
  const { providers } = await ask('GET', '/auth/providers');
  if (!user) return strangers(providers);
  show('member');
  await members(providers);
}

function strangers(providers) {
  const links = providers.map(({ label, redirect }) => {
    const link = document.createElement('a');
    link.href = `${redirect}?return_to=/`;
    link.textContent = `Log in with ${label}`;
    return link;
  });
  byId('providers').replaceChildren(...links.flatMap((link) => [link, document.createElement('br')]));
  show('stranger');
}

/** What a provider's way back says in the address, once: it failed, or a second factor is asked. */
function broughtBack() {
  const told = new URLSearchParams(location.search);
  history.replaceState(null, '', location.pathname);
  const code = told.get('error');
  if (code) byId('message').textContent = `That did not work (${code}). The server’s log says why.`;
  if (told.has('second-factor') && byId('member').hidden) askSecondFactor();
}

async function members(providers) {
  for (const list of ['passkeys', 'accounts', 'devices']) byId(list).replaceChildren();
  for (const { id, name } of (await ask('GET', '/user/passkeys')).passkeys) {
    entry('passkeys', name, button('Remove', async () => {
      await ask('DELETE', `/user/passkeys/${id}`);
      await refresh();
    }));
  }
  for (const { id, provider, email } of (await ask('GET', '/user/social-accounts')).social_accounts) {
    entry('accounts', email ? `${provider}, ${email}` : provider, button('Remove', async () => {
      await ask('DELETE', `/user/social-accounts/${id}`);
      await refresh();
    }));
  }
  byId('linkable').replaceChildren(...providers.map(({ name, label }) => button(`Connect ${label}`, async () => {
    location = (await ask('POST', `/user/social-accounts/${name}`, { return_to: '/' })).redirect;
  })));
  byId('confirm-providers').replaceChildren(...providers.map(({ name, label }) => button(`Confirm with ${label}`, async () => {
    location = (await ask('POST', `/user/social-accounts/${name}/confirm`, { return_to: '/' })).redirect;
  })));
  for (const device of (await ask('GET', '/user/sessions')).sessions) {
    const words = [device.device || device.name || device.type, device.is_current_device && 'this one'];
    entry('devices', words.filter(Boolean).join(', '), button('End', async () => {
      await ask('DELETE', `/user/sessions/${device.id}`);
      await refresh();
    }));
  }
}

function onSubmit(id, act) {
  byId(id).addEventListener('submit', (event) => {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(event.target));
    for (const box of event.target.querySelectorAll('[type=checkbox]')) fields[box.name] = box.checked;
    attempt(async () => {
      await act(fields);
      event.target.reset();
    });
  });
}

async function entered(answer) {
  if (answer?.two_factor) askSecondFactor();
  else await refresh();
}

function askSecondFactor() {
  show('challenge');
  byId('second').code.focus();
}

onSubmit('login', async (fields) => {
  if (!fields.login_code) delete fields.login_code;
  await entered(await ask('POST', '/login', fields));
});
onSubmit('register', async (fields) => entered(await ask('POST', '/register', fields)));
onSubmit('second', async ({ code, trust_browser }) => {
  const field = /^\d{6}$/.test(code.replaceAll(' ', '')) ? 'code' : 'recovery_code';
  await ask('POST', '/two-factor-challenge', { [field]: code, trust_browser });
  await refresh();
});
onSubmit('confirm-form', async (fields) => {
  await ask('POST', '/user/confirm-password', fields);
  await confirmed();
});
byId('logout').addEventListener('click', () => attempt(async () => {
  await ask('POST', '/logout');
  await refresh();
}));
byId('code-request').addEventListener('click', () => attempt(async () => {
  const { message } = await ask('POST', '/login/code', { email: byId('login').email.value });
  byId('message').textContent = message;
}));

/** What a passkey signs, for a challenge of the server's. */
async function signed(path) {
  const { options } = await ask('GET', path);
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return (await navigator.credentials.get({ publicKey })).toJSON();
}

byId('passkey-login').addEventListener('click', () => attempt(async () => {
  const credential = await signed('/passkeys/login/options');
  await entered(await ask('POST', '/passkeys/login', { credential }));
}));
byId('passkey-confirm').addEventListener('click', () => attempt(async () => {
  const what = again;
  const credential = await signed('/passkeys/confirm/options');
  await ask('POST', '/passkeys/confirm', { credential });
  again = what;
  await confirmed();
}));
byId('passkey-add').addEventListener('click', () => attempt(async () => {
  const { options } = await ask('GET', '/user/passkeys/options');
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const credential = (await navigator.credentials.create({ publicKey })).toJSON();
  const name = navigator.userAgentData?.platform || 'A passkey';
  await ask('POST', '/user/passkeys', { name, credential });
  await refresh();
}));

await attempt(refresh);
broughtBack();

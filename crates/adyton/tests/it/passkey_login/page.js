const csrfToken = () =>
  decodeURIComponent(document.cookie.match(/(?:^|; )XSRF-TOKEN=([^;]*)/)?.[1] ?? "");

async function call(method, path, body) {
  const headers = { accept: "application/json", "x-xsrf-token": csrfToken() };
  if (body) headers["content-type"] = "application/json";
  const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  return { status: answer.status, body: text ? JSON.parse(text) : null };
}

async function addPasskey(name) {
  const asked = await call("GET", "/user/passkeys/options");
  if (asked.status !== 200) return asked;
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(asked.body.options);
  const credential = await navigator.credentials.create({ publicKey });
  return call("POST", "/user/passkeys", { name, credential: credential.toJSON() });
}

async function answerWithPasskey(path, more = {}) {
  const asked = await call("GET", `${path}/options`);
  if (asked.status !== 200) return asked;
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked.body.options);
  const credential = await navigator.credentials.get({ publicKey });
  return call("POST", path, { credential: credential.toJSON(), ...more });
}

const logInWithPasskey = (remember) => answerWithPasskey("/passkeys/login", { remember });
const confirmWithPasskey = () => answerWithPasskey("/passkeys/confirm");

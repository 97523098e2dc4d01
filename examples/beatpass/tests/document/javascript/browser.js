// What a browser is to the documented scripts: cookies that scripts can read, and requests that
// carry them when `credentials` says so.
const jar = new Map();
globalThis.document = {
  get cookie() {
    return [...jar].filter(([, c]) => !c.httpOnly).map(([name, c]) => `${name}=${c.value}`).join('; ');
  },
};
const send = globalThis.fetch;
globalThis.fetch = async (url, options = {}) => {
  const headers = { ...options.headers, Origin: 'http://localhost:5173' };
  if (options.credentials === 'include') {
    headers.Cookie = [...jar].map(([name, c]) => `${name}=${c.value}`).join('; ');
  }
  const response = await send(process.env.HOST + url, { ...options, headers });
  for (const line of response.headers.getSetCookie()) {
    const [pair, ...attributes] = line.split('; ');
    const at = pair.indexOf('=');
    const httpOnly = attributes.some(attribute => attribute.toLowerCase() === 'httponly');
    if (attributes.includes('Max-Age=0')) jar.delete(pair.slice(0, at));
    else jar.set(pair.slice(0, at), { value: pair.slice(at + 1), httpOnly });
  }
  return response;
};

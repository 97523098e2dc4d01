// A visit by the documented functions alone.
import assert from 'node:assert/strict';
assert.equal(getCsrfToken(), null);
await fetch('/sanctum/csrf-cookie', { credentials: 'include' });
assert.ok(getCsrfToken());
const credentials = { email: 'ana@example.com', password: 'your-password' };
assert.deepEqual(await apiPost('/login', credentials), { two_factor: false });
const track = await apiPost('/tracks', { title: 'By script', price_cents: 100 });
assert.equal(track.title, 'By script');
assert.deepEqual(await apiPost('/logout', {}), { message: 'Logged out successfully' });
assert.deepEqual(await apiPost('/tracks', {}), { message: 'Unauthenticated.' });

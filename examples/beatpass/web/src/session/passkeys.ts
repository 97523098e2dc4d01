// A passkey's two ceremonies, with the browser's own words for what it sends.
import { ApiError, get, post } from '../api/client';

interface Options<T> {
  options: T;
}

export const canUsePasskeys = (): boolean =>
  typeof PublicKeyCredential !== 'undefined' && 'parseRequestOptionsFromJSON' in PublicKeyCredential;

/** Answers the server's question with a passkey of this device. */
export async function byPasskey<T>(path: '/passkeys/login' | '/passkeys/confirm', more: object = {}): Promise<T> {
  const { options } = await get<Options<PublicKeyCredentialRequestOptionsJSON>>(`${path}/options`);
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const credential = await asked(() => navigator.credentials.get({ publicKey }));
  return post<T>(path, { ...more, credential });
}

/** Makes a passkey on this device, or on one beside it. */
export async function addPasskey(name: string): Promise<void> {
  const { options } = await get<Options<PublicKeyCredentialCreationOptionsJSON>>('/user/passkeys/options');
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const credential = await asked(() => navigator.credentials.create({ publicKey }));
  await post('/user/passkeys', { name, credential });
}

async function asked(ask: () => Promise<Credential | null>): Promise<unknown> {
  try {
    const credential = await ask();
    if (credential instanceof PublicKeyCredential) return credential.toJSON();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'InvalidStateError') {
      throw new ApiError(0, 'PASSKEY_HERE', 'This device has a passkey for your account already.');
    }
    if (!(error instanceof DOMException)) throw error;
  }
  throw new ApiError(0, 'PASSKEY_CANCELLED', 'No passkey was used: it was cancelled, or took too long.');
}

// How somebody gets in, and where they go from there.
import { API, ApiError, get, plainPost, post, WHO_PATH } from '../api/client';
import type { Provider } from '../api/account';

interface Answer {
  two_factor?: boolean;
  message?: string;
  errors?: Record<string, string[]>;
}

/** Where a visitor wanted to go: a path of this site, and no other's. */
export function nextPlace(params: URLSearchParams): string {
  const wish = params.get('next') ?? '/';
  const isOurs =
    wish.startsWith('/') &&
    URL.canParse(wish, location.origin) &&
    new URL(wish, location.origin).origin === location.origin;
  return isOurs && !/^\/(sign-in|sign-up)\b/.test(wish) ? wish : '/';
}

/** The address of another way in, with the same wish. */
export const withNext = (path: string, params: URLSearchParams): string => {
  const next = params.get('next');
  return next ? `${path}?next=${encodeURIComponent(next)}` : path;
};

/**
 * One step of a login, by the documented call. That one tells no status, so an answer that names
 * neither a field nor a second step is looked into: whoever is in got in, and who is not asks again.
 */
export async function step(path: '/login' | '/two-factor-challenge', data: object): Promise<Answer> {
  const answer = await plainPost<Answer>(path, data).catch((): Answer => ({}));
  if (answer.errors) throw new ApiError(422, '', answer.message ?? '', answer.errors);
  if (answer.two_factor !== undefined || (await isIn())) return answer;
  return post<Answer>(path, data);
}

const isIn = (): Promise<boolean> =>
  get(WHO_PATH).then(
    () => true,
    () => false,
  );

/** The journey to a provider and back: of the whole page, for no script may see it. */
export const toProvider = (provider: Provider, next: string): string =>
  `${API}${provider.redirect}?return_to=${encodeURIComponent(location.origin + next)}`;

const SAID: Record<string, string> = {
  SOCIAL_DENIED: 'You did not finish there. You can try again, or choose another way.',
  SOCIAL_STATE_INVALID: 'That took too long, or began in another window. Please begin again.',
  SOCIAL_PROVIDER_FAILED: 'They could not tell us who you are. Try again later, or choose another way.',
  SOCIAL_EMAIL_MISSING: 'They told us no email address. Sign up with yours, then link them in your settings.',
  SOCIAL_EMAIL_UNVERIFIED:
    'They do not vouch for your email address. Sign up with it, then link them in your settings.',
  SOCIAL_ACCOUNT_EXISTS:
    'You have an account with this email address. Sign in as usual, then link them in your settings.',
  SOCIAL_LINKED_ELSEWHERE: 'That account is linked to another member of BeatPass.',
  SOCIAL_USER_CHANGED: 'Somebody else is signed in by now. Please begin again.',
  REGISTRATION_CLOSED: 'There is no account for you, and new ones are not open.',
};

/** What a provider's refusal means, for whoever is back from there. */
export const whyRefused = (code: string): string => SAID[code] ?? 'That did not work. Please begin again.';

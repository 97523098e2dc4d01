// The security log in a member's words.
import type { Happening } from '../../api/account';

const WAYS: Record<string, string> = {
  password: 'with your password',
  registration: 'by signing up',
  remember: 'on a remembered browser',
  social: 'by a linked account',
  passkey: 'with a passkey',
};

const PROOFS: Record<string, string> = {
  password: 'by password',
  code: 'by a code',
  recovery_code: 'by a recovery code',
  passkey: 'by passkey',
  social: 'by a linked account',
};

const SAID: Record<string, string> = {
  registered: 'Account created',
  login_failed: 'Sign-in with a wrong password',
  two_factor_challenged: 'Second step asked',
  two_factor_failed: 'Second step not passed',
  two_factor_prepared: 'Two-factor begun',
  two_factor_enabled: 'Two-factor turned on',
  two_factor_disabled: 'Two-factor turned off',
  recovery_codes_replaced: 'New recovery codes made',
  recovery_codes_shown: 'Recovery codes shown',
  recovery_code_used: 'Recovery code used',
  confirmation_failed: 'Not confirmed that it is you',
  logged_out: 'Signed out',
  remember_cookie_reused: 'Copy of a remembered browser stopped',
  session_ended: 'Session ended',
  other_sessions_ended: 'All other sessions ended',
  sessions_ended: 'All sessions ended by BeatPass',
  user_disabled: 'Account disabled by BeatPass',
  user_enabled: 'Account enabled by BeatPass',
  user_created: 'Account created by BeatPass',
  role_changed: 'Role changed by BeatPass',
  password_changed: 'Password changed',
  password_reset_requested: 'Link for a new password mailed',
  password_reset: 'New password set by mail',
  password_reset_failed: 'Link for a new password not good',
  email_verified: 'Email address confirmed',
  email_change_requested: 'New email address asked for',
  email_changed: 'Email address changed',
  email_restored: 'Former email address restored',
  profile_updated: 'Profile changed',
  disowned: '“This wasn’t me”: everything ended',
  account_reclaimed: 'Account taken over by the owner of its address',
  passkey_added: 'Passkey added',
  passkey_removed: 'Passkey removed',
  passkey_failed: 'Passkey not accepted',
  browser_trusted: 'Browser trusted',
  login_code_requested: 'Code to sign in mailed',
  access_refused: 'Access refused',
  token_issued: 'Token issued',
  token_revoked: 'Token revoked',
};

/** What happened, in a few words. */
export function sentence({ event, facts }: Happening): string {
  const provider = typeof facts.provider === 'string' ? capital(facts.provider) : 'Another account';
  switch (event) {
    case 'logged_in':
      return `Signed in ${WAYS[String(facts.via)] ?? ''}`.trim();
    case 'confirmed':
      return `Confirmed that it is you ${PROOFS[String(facts.by)] ?? ''}`.trim();
    case 'social_linked':
      return `${provider} linked`;
    case 'social_unlinked':
      return `${provider} unlinked`;
    case 'social_failed':
      return `Not let in by ${provider}`;
    default:
      return SAID[event] ?? capital(event.replaceAll('_', ' '));
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

import { Key, Laptop, Link, List, Lock, Person, Shield, Trash } from '../../ui/icons';

/** The parts of the settings, in the order in which they are shown. */
export const SECTIONS = [
  { to: 'profile', name: 'Profile', about: 'Your name and your email address', Icon: Person },
  { to: 'password', name: 'Password', about: 'Change it, or set your first one', Icon: Lock },
  { to: 'two-factor', name: 'Two-factor', about: 'A code from your phone at each sign-in', Icon: Shield },
  { to: 'passkeys', name: 'Passkeys', about: 'Sign in with your face, finger or PIN', Icon: Key },
  { to: 'linked', name: 'Linked accounts', about: 'Sign in by way of others', Icon: Link },
  { to: 'sessions', name: 'Active sessions', about: 'Where you are signed in', Icon: Laptop },
  { to: 'activity', name: 'Activity', about: 'What happened to your account', Icon: List },
  { to: 'delete', name: 'Delete account', about: 'Leave BeatPass for good', Icon: Trash },
];

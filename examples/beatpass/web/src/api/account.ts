// What Adyton says of an account, each question with the name it is remembered by.
import { queryOptions } from '@tanstack/react-query';
import { get } from './client';
import type { Page, User } from './types';

export interface Provider {
  name: string;
  label: string;
  redirect: string;
}

export interface LinkedAccount {
  id: number;
  provider: string;
  label: string;
  email: string | null;
  name: string | null;
  last_used_at: string | null;
  created_at: string;
}

export interface Passkey {
  id: string;
  name: string;
  synced: boolean | null;
  backed_up: boolean | null;
  last_used_at: string | null;
  created_at: string;
}

export interface Place {
  id: string;
  type: 'session' | 'browser' | 'token' | 'trusted';
  agent: { is_desktop: boolean; platform: string | null; browser: string | null };
  device: string | null;
  name: string | null;
  ip_address: string | null;
  is_current_device: boolean;
  remembered: boolean;
  via: string | null;
  created_at: string;
  last_active: string | null;
  expires_at: string | null;
}

export interface Happening {
  id: number;
  event: string;
  outcome: 'done' | 'refused';
  at: string;
  ip_address: string | null;
  device: string | null;
  facts: Record<string, string | number>;
  actor: 'client' | 'operator' | 'system';
}

export const providers = () =>
  queryOptions({
    queryKey: ['account', 'providers'],
    queryFn: async () => (await get<{ providers: Provider[] }>('/auth/providers')).providers,
    staleTime: 300_000,
  });

export const linkedAccounts = () =>
  queryOptions({
    queryKey: ['account', 'linked'],
    queryFn: async () => (await get<{ social_accounts: LinkedAccount[] }>('/user/social-accounts')).social_accounts,
  });

export const passkeys = () =>
  queryOptions({
    queryKey: ['account', 'passkeys'],
    queryFn: async () => (await get<{ passkeys: Passkey[] }>('/user/passkeys')).passkeys,
  });

export const places = () =>
  queryOptions({
    queryKey: ['account', 'places'],
    queryFn: async () => (await get<{ sessions: Place[] }>('/user/sessions')).sessions,
  });

export const activity = (page: number, perPage = 15) =>
  queryOptions({
    queryKey: ['account', 'activity', page, perPage],
    queryFn: () => get<Page<Happening>>('/user/activity', { page, per_page: perPage }),
  });

/** By what a member gets in. */
export interface WaysIn {
  password: boolean;
  two_factor: boolean;
  passkeys: number;
  providers: string[];
}

export const waysIn = (user: User | null) =>
  queryOptions({
    queryKey: ['account', 'ways-in', user?.id],
    queryFn: () => get<WaysIn>('/me/ways-in'),
    enabled: user !== null,
  });

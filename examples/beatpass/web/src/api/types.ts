// What the server says, as docs/api.md has it.

export interface Page<T> {
  data: T[];
  meta: { current_page: number; last_page: number; per_page: number; total: number; from: number | null; to: number | null };
}

export interface Named {
  id: number;
  name: string;
}

export interface Titled {
  id: number;
  title: string;
}

export interface Track {
  id: number;
  title: string;
  genre: string | null;
  mood: string | null;
  bpm: number | null;
  key: string | null;
  tags: string[];
  description: string | null;
  price_cents: number;
  duration_seconds: number | null;
  plays: number;
  is_published?: boolean;
  artist: Named;
  album: Titled | null;
  cover_url: string | null;
  audio_url: string | null;
  created_at: string;
  updated_at: string;
  purchased?: boolean;
  purchase_status?: string | null;
  is_mine?: boolean;
  download_url?: string | null;
}

export interface Album {
  id: number;
  title: string;
  description: string | null;
  cover_url: string | null;
  price_cents: number;
  tracks_count: number;
  artist: Named;
  created_at: string;
  tracks?: Track[];
}

export interface Artist extends Named {
  bio: string | null;
  followers: number;
  tracks_count: number;
  plays: number;
  joined_at: string;
  tracks?: Track[];
  albums?: Album[];
  followed?: boolean;
}

export interface Found {
  tracks: Track[];
  artists: Artist[];
  albums: Album[];
  total: number;
}

export interface Genre {
  name: string;
  tracks_count: number;
}

export type PurchaseStatus = 'pending' | 'processing' | 'paid' | 'failed' | 'refunded';

export interface Purchase {
  id: number;
  track: Titled & { cover_url: string | null; artist: Named };
  price_cents: number;
  status: PurchaseStatus;
  failure: string | null;
  paid_at: string | null;
  created_at: string;
}

export interface PaymentSettings {
  test_mode: boolean;
  is_configured: boolean;
  publishable_key: string | null;
  script: string | null;
  currency: string;
  test_cards?: { number: string; behavior: string }[];
}

export interface Conversation {
  id: number;
  with: Named;
  last_message: { from: number; body: string; sent_at: string };
  unread: number;
}

export interface Message {
  id: number;
  from: number;
  body: string;
  sent_at: string;
}

export interface Offer {
  id: number;
  member: Named;
  track: Titled | null;
  price_cents: number;
  message: string;
  created_at: string;
}

export interface BeatRequest {
  id: number;
  title: string;
  details: string | null;
  genre: string | null;
  budget_cents: number;
  status: 'open' | 'closed';
  deadline: string | null;
  offers_count: number;
  is_mine: boolean;
  member: Named;
  created_at: string;
  offers?: Offer[];
}

export interface Dashboard {
  period: string;
  from: string;
  to: string;
  followers: number;
  plays: number;
  sales: number;
  revenue_cents: number;
  conversion: number;
  previous: { plays: number; sales: number; revenue_cents: number };
  series: { date: string; plays: number; sales: number; revenue_cents: number }[];
  tracks: { id: number; title: string; plays: number; sales: number; revenue_cents: number; conversion: number }[];
  genres: { name: string; plays: number }[];
}

export interface User {
  id: number;
  name: string;
  email: string;
  email_verified_at: string | null;
  two_factor_confirmed_at?: string | null;
  role?: string | null;
}

export interface Member {
  id: number;
  name: string;
  email: string;
  role: 'member' | 'admin';
  disabled: boolean;
  created_at: string | null;
}

export interface AnyPurchase extends Purchase {
  buyer: Named;
}

export interface Refusal {
  number: number;
  at: string;
  event: string;
  user: number | string | null;
  code: string | null;
  address: string | null;
  user_agent: string | null;
}

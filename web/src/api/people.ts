// The answers of the JSON API about people: users, sessions, applications, keys.
import type { User } from './types';

export interface Session {
  id: string;
  current: boolean;
  browser: string | null;
  os: string | null;
  ip: string | null;
  created_at: string;
  seen_at: string;
  /** When it ends at the latest. */
  expires_at: string;
}

/** A user as administrators see them. */
export interface Member extends User {
  totp_enabled: boolean;
  last_seen_at: string | null;
}

export interface ApiKey {
  id: string;
  name: string;
  /** How it begins: the part that may be seen. */
  key_id: string;
  scopes: string[];
  /** From where it may be used; empty: from everywhere. */
  allowed_addresses: string[];
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
  /** After a rotation, how long the old secret still works. */
  previous_secret_until: string | null;
  revoked_at: string | null;
}

/** The answer that shows a key, once. */
export interface NewApiKey extends ApiKey {
  key: string;
}

export type ApplicationStatus = 'unverified' | 'waiting' | 'approved' | 'rejected';

export interface Application {
  id: string;
  email: string;
  name: string;
  kind: 'person' | 'company';
  company: string | null;
  country: string;
  website: string | null;
  audience: string | null;
  mc_number: string | null;
  dot_number: string | null;
  terms_version: number;
  ip: string;
  status: ApplicationStatus;
  reason: string | null;
  decided_by: string | null;
  decided_at: string | null;
  user_id: string | null;
  created_at: string;
  verified_at: string | null;
}

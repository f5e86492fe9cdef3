// The answers of the JSON API about running the system: audit log, jobs, mails, settings.
import type { Role } from './types';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export interface AuditLog {
  id: string;
  created_at: string;
  user_id: string | null;
  user_name: string | null;
  acting_as: string | null;
  api_key_id: string | null;
  job: string | null;
  action: string;
  object_type: string;
  object_id: string;
  before: Json;
  after: Json;
  reason: string | null;
  ip: string | null;
  request_id: string | null;
  /** Its place in the chain; null for a second or so. */
  sequence: number | null;
}

/** Whether the chain of the audit log is whole, as far as one request follows it. */
export interface AuditProof {
  sequence: number;
  hash: string;
  verified_up_to: number;
  intact: boolean;
  broken: { sequence: number; what: string } | null;
  expired: number;
  waiting: number;
  anchors: number;
  anchors_unreadable: number;
  last_anchor: { sequence: number; hash: string; at: string } | null;
}

export type JobState = 'waiting' | 'running' | 'dead';

export interface Job {
  id: string;
  kind: string;
  state: JobState;
  payload: Json;
  unique_key: string | null;
  run_at: string;
  attempts: number;
  /** How often its worker vanished. */
  losses: number;
  progress_done: number | null;
  progress_total: number | null;
  last_error: string | null;
  created_at: string;
  updated_at: string;
}

export interface JobQueue {
  kind: string;
  meaning: string;
  waiting: number;
  running: number;
  dead: number;
  done_24h: number;
  failed_24h: number;
  lost_24h: number;
  oldest_at: string | null;
}

export interface JobSchedule {
  name: string;
  kind: string;
  cron: string;
  timezone: string;
  next_at: string;
  last_at: string | null;
}

export type MailState = 'waiting' | 'sent' | 'shown' | 'failed';

export interface Mail {
  id: string;
  to: string;
  template: string;
  state: MailState;
  /** Holds a token, so that its words are not kept once it is sent. */
  secret: boolean;
  attempts: number;
  last_error: string | null;
  created_at: string;
  sent_at: string | null;
}

/** A mail with its words, as long as these are kept. */
export interface MailDetails extends Mail {
  content: { subject: string; text: string; html: string } | null;
}

export interface Settings {
  branding_name: string;
  branding_accent: string;
  support_email: string | null;
  totp_required_roles: Role[];
  applications_open: boolean;
  updated_at: string;
}

// The answers of the JSON API, as far as the pages use them.

export type Role = 'admin' | 'manager' | 'finance' | 'analyst' | 'partner';

export type UserStatus = 'invited' | 'active' | 'disabled';

export interface User {
  id: string;
  email: string;
  name: string;
  role: Role;
  timezone: string | null;
  status: UserStatus;
  created_at: string;
}

export interface Me {
  user: User;
  csrf_token: string;
  permissions: string[];
  totp_enabled: boolean;
  must_set_up_totp: boolean;
  /** The partner an administrator looks as: nothing can be changed then. */
  viewing_as: { id: string; name: string } | null;
  branding: { name: string; accent: string };
}

/** One page of a list; `next_cursor` is null on the last one. */
export interface Page<Row> {
  data: Row[];
  next_cursor: string | null;
}

export interface Program {
  id: string;
  name: string;
  kind: string;
  currency: string;
  timezone: string;
  attribution_model: string;
  click_window_days: number;
  half_life_days: number;
  acquisition: boolean;
  lock_days: number | null;
  duplicate_window_seconds: number;
  protection_days: number;
  trigger: string;
  hold_days: number;
  minimum_payout: string;
  budget: string | null;
  four_eyes_above: string | null;
  /** Counts the changes of what decides attribution. */
  version: number;
  /** There is business in its currency, so that it stays. */
  currency_fixed: boolean;
  allowed_hosts: string[];
  fallback_url: string | null;
  status: string;
  created_at: string;
  updated_at: string;
}

export type LinkStatus = 'active' | 'paused' | 'expired' | 'disabled' | 'banned';

export interface Utm {
  source?: string | null;
  medium?: string | null;
  campaign?: string | null;
  term?: string | null;
  content?: string | null;
}

export interface Target {
  countries?: string[] | null;
  devices?: string[] | null;
  destination_url: string;
}

export interface Link {
  id: string;
  code: string;
  short_url: string;
  destination_url: string;
  status: LinkStatus;
  program_id: string;
  user_id: string;
  user_name: string;
  name: string | null;
  starts_at: string | null;
  expires_at: string | null;
  visits_max: number | null;
  has_password: boolean;
  utm: Utm | null;
  targets: Target[];
  pass_params: boolean;
  created_at: string;
  updated_at: string;
  clicks: number;
  unique_clicks: number;
  last_clicked_at: string | null;
}

export type ClickClass =
  | 'human'
  | 'duplicate'
  | 'suspect'
  | 'self'
  | 'bot'
  | 'prefetch'
  | 'non_get'
  | 'embedded'
  | 'blocked'
  | 'orphan';

export interface Click {
  id: string;
  link_id: string | null;
  code: string;
  program_id: string | null;
  user_id: string | null;
  clicked_at: string;
  class: ClickClass;
  country: string | null;
  region: string | null;
  city: string | null;
  device_type: string | null;
  browser: string | null;
  os: string | null;
  referrer: string | null;
  network: string | null;
  utm: Utm | null;
  visitor: string | null;
  visitor_ip: string | null;
}

export type ByClass = Partial<Record<ClickClass, number>>;

export interface Totals {
  from: string;
  to: string;
  clicks: number;
  unique_clicks: number;
  links: number;
  by_class: ByClass;
}

export interface Summary extends Totals {
  timezone: string;
  previous?: Totals | null;
}

export interface Bucket {
  at: string;
  clicks: number;
  unique_clicks: number;
  bots: number;
}

export interface Timeseries {
  interval: 'hour' | 'day' | 'week' | 'month';
  data: Bucket[];
}

export interface BreakdownRow {
  key: string;
  label: string;
  clicks: number;
  unique_clicks: number;
}

export interface Breakdown {
  by: string;
  data: BreakdownRow[];
  other: { clicks: number; unique_clicks: number };
}

export interface LiveCounters {
  clicks_today: number;
  unique_clicks_today: number;
  visitors_now: number;
}

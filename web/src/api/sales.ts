// The answers of the JSON API about customers, conversions and their attribution, and imports.
import type { Amount } from '../page/money';

export type EventKind = 'lead' | 'signup' | 'booked' | 'delivered' | 'invoiced' | 'paid' | 'custom';

export type AdjustmentKind =
  'refund' | 'short_pay' | 'cost_change' | 'cancel' | 'claim' | 'write_off' | 'correction';

export interface Customer {
  id: string;
  account_id: string | null;
  company: string | null;
  external_id: string | null;
  email: string | null;
  name: string | null;
  phone: string | null;
  country: string | null;
  first_seen_at: string;
  created_at: string;
  updated_at: string;
}

export interface Account {
  id: string;
  name: string;
  domains: string[];
  mc_number: string | null;
  dot_number: string | null;
  tms_id: string | null;
  country: string | null;
  first_known_at: string;
  created_at: string;
  updated_at: string;
}

/** A partner's share. */
export interface Credit {
  user_id: string;
  user_name: string;
  weight_ppm: number;
  source: string;
  link_id: string | null;
}

/** A commission as a conversion shows it. */
export interface Earned extends Amount {
  id: string;
  user_id: string;
  level: number;
  status: string;
}

export interface Adjustment {
  kind: AdjustmentKind;
  external_id: string;
  revenue_change: string;
  /** Not for partners. */
  cost_change: string | null;
  quantity_change: string;
  occurred_at: string;
  received_at: string;
  reason: string | null;
}

export type ConversionStatus = 'attributed' | 'organic' | 'reversed' | 'undone';

/** A row of the list; partners see neither costs nor metadata. */
export interface ConversionRow {
  id: string;
  status: ConversionStatus;
  program_id: string;
  kind: EventKind;
  source: string;
  external_id: string;
  line: string | null;
  occurred_at: string;
  received_at: string;
  currency: string;
  revenue: string;
  cost: string | null;
  quantity: string;
  unit: string;
  mode: string | null;
  lane: string | null;
  customer_id: string;
  customer_name: string | null;
  customer_country: string | null;
  click_id: string | null;
  /** Its click is not stored yet; once it is, the conversion is decided again. */
  awaits_click: boolean;
  code: string | null;
  import_id: string | null;
  attributions: Credit[];
}

export interface Conversion extends ConversionRow {
  metadata: Record<string, string>;
  adjustments: Adjustment[];
  commissions: Earned[];
}

/** What became of one claim. */
export interface AttributionStep {
  source: string;
  user_id: string;
  reason: string;
  made_at: string;
  until: string | null;
  click_id: string | null;
  click_class: string | null;
  outside_seconds: number | null;
  weight_ppm: number | null;
  note: string | null;
}

export interface AttributionPolicy {
  version: number;
  model: string;
  window_days: number;
  half_life_days: number;
  acquisition: boolean;
  lock_days: number | null;
}

export interface AttributionTrace {
  occurred_at: string;
  policy: AttributionPolicy;
  source: string;
  steps: AttributionStep[];
}

/** An earlier decision. */
export interface Decision {
  decided_at: string;
  cause: string;
  source: string;
  decided_by: string | null;
}

/** How it was decided whose a conversion is. */
export interface Journey extends Decision {
  conversion_id: string;
  credits: Credit[];
  locks_until: string | null;
  trace: AttributionTrace;
  /** The same for people. */
  sentences: string[];
  awaits_click: boolean;
  /** All decisions, the newest first. */
  history: Decision[];
}

/** Why a conversion is not a partner's, or is. */
export interface WhyNot {
  /** null: there is no conversion. */
  conversion_id: string | null;
  external_id: string | null;
  kind: EventKind | null;
  occurred_at: string | null;
  user_id: string;
  weight_ppm: number;
  nearest: AttributionStep | null;
  policy_version: number | null;
  sentence: string;
}

export type ImportStatus =
  'checking' | 'checked' | 'committing' | 'committed' | 'undoing' | 'undone';

export interface ImportRow {
  number: number;
  status: 'waiting' | 'good' | 'same' | 'bad' | 'made' | 'undone';
  fields: string[];
  errors: { field: string; message: string }[];
  conversion_id: string | null;
}

export interface Import {
  id: string;
  name: string;
  status: ImportStatus;
  program_id: string | null;
  columns: string[];
  mapping: Record<string, string>;
  rows: number;
  defaults: Record<string, string>;
  /** How many rows are in each state. */
  counts: Record<ImportRow['status'], number>;
  /** Columns of no field. */
  ignored_columns: string[];
  created_by: string;
  created_at: string;
  updated_at: string;
}

/** A key that signs postbacks: never its secret. */
export interface PostbackKey {
  id: string;
  /** What `key=` of a postback says. */
  key: string;
  program_id: string;
  name: string;
  created_at: string;
  last_used_at: string | null;
  revoked_at: string | null;
}

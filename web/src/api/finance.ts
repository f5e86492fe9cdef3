// The answers of the JSON API about commission rules, commissions and the ledger.
import type { Json } from './operations';
import type { AttributionStep } from './sales';

export type CommissionStatus =
  'pending' | 'approved' | 'held' | 'in_payout' | 'paid' | 'rejected' | 'canceled';

export interface Commission {
  id: string;
  conversion_id: string;
  program_id: string;
  program_name: string;
  customer_id: string | null;
  user_id: string;
  user_name: string;
  /** Whom the conversion is credited to: at level 1 the same. */
  credited_user_id: string;
  credited_user_name: string;
  level: number;
  rule_id: string;
  rule_version: number;
  rule_name: string;
  event_kind: string;
  source: string;
  external_id: string;
  occurred_at: string;
  amount: string;
  /** By the rule, and by people on top of it. */
  computed_amount: string;
  manual_amount: string;
  currency: string;
  /** Why it is less than the rate says. */
  reason: string | null;
  status: CommissionStatus;
  held_from: CommissionStatus | null;
  payable_on: string | null;
  why_not_payable: string | null;
  /** When it is paid, or why not yet, for people. */
  payable_sentence: string;
  /** Where two people approve. */
  approvals_missing: number | null;
  approved_at: string | null;
  created_at: string;
  updated_at: string;
}

/** One thing that happened to a commission. */
export interface CommissionChange {
  action: string;
  status_before: CommissionStatus | null;
  status: CommissionStatus;
  amount_before: string;
  amount: string;
  changed_at: string;
  user_id: string | null;
  user_name: string | null;
  reason: string | null;
}

/** What commissions of a status and a currency come to. */
export interface CommissionSum {
  currency: string;
  status: CommissionStatus;
  commissions: number;
  amount: string;
}

/** One step of a calculation: `step` names it, the rest is its own. */
export interface ExplanationStep {
  step: string;
  text?: string;
  [name: string]: Json | undefined;
}

/** A rule that could have been the one, and why it is not. */
export interface ConsideredRule {
  rule_id: string;
  version: number;
  name: string;
  loss: string | null;
  sentence: string;
}

export interface Explanation {
  commission: Commission;
  /** The steps of the calculation, one a line; `steps` are the same for programs. */
  sentences: string[];
  steps: ExplanationStep[];
  rule: RuleVersion;
  attribution: { source: string; steps: AttributionStep[]; text: string } | null;
  /** For those who see all rules. */
  considered: ConsideredRule[];
  changes: CommissionChange[];
}

export type Basis = 'revenue' | 'margin' | 'quantity' | 'fixed' | 'commission';
export type ScopeKind = 'program' | 'group' | 'code' | 'enrolment';
export type Period = 'week' | 'month' | 'quarter' | 'year' | 'always';

export interface TierBody {
  from: string;
  rate_ppm?: number;
  unit_amount?: string;
  flat_amount?: string;
}

/** One version of a rule: the words of the form that makes it, and the sentence it means. */
export interface RuleVersion {
  id: string;
  version: number;
  program_id: string;
  scope: ScopeKind;
  scope_id: string;
  name: string;
  priority: number;
  event_kind: string;
  level: number;
  conditions: Json;
  currency: string;
  basis: Basis;
  unit: string;
  rate_ppm: number | null;
  unit_amount: string | null;
  flat_amount: string | null;
  min_amount: string | null;
  max_amount: string | null;
  tier_mode: string | null;
  tier_timing: string | null;
  tier_measure: string | null;
  tier_period: Period | null;
  tiers: TierBody[];
  cap_customer: string | null;
  cap_partner_period: string | null;
  cap_period: Period | null;
  budget: string | null;
  duration_months: number | null;
  effective_from: string;
  /** From then on the rule is for nothing. */
  is_retired: boolean;
  sentence: string;
  created_at: string;
  created_by: string | null;
}

/**
 * A rule in the version in force, else the one that will be, or was; with all that it ever promised,
 * the newest version first.
 */
export interface RuleDetail extends RuleVersion {
  versions: RuleVersion[];
}

/** What a draft says and what it pays for a sample order. */
export interface RulePreview {
  /** Of the body: "rule.rate_ppm", "sample.revenue". */
  errors: { field: string; message: string }[];
  sentence: string | null;
  /** Whether it is for the sample, and why not. */
  applies: boolean | null;
  why_not: string | null;
  amount: string | null;
  currency: string | null;
  sentences: string[];
  steps: ExplanationStep[] | null;
}

/** What one partner would have had; amounts are decimals of the program's currency. */
export interface WhatIfPartner {
  user_id: string;
  user_name: string;
  amount_now: string;
  amount_then: string;
  difference: string;
  commissions_now: number;
  commissions_then: number;
}

/** A draft computed over past conversions, by a job; nothing is posted. */
export interface WhatIf {
  id: string;
  program_id: string;
  rule: RuleVersion;
  replaces: string | null;
  from: string;
  to: string;
  status: 'waiting' | 'running' | 'done' | 'failed';
  progress_done: number;
  progress_total: number;
  error: string | null;
  result: {
    conversions: number;
    /** That could not be computed: no exchange rate, too large. */
    refused: number;
    partners: number;
    amount_now: string;
    amount_then: string;
    difference: string;
    /** The largest differences first, at most 500. */
    by_partner: WhatIfPartner[];
  } | null;
}

/** An account; a credit is above 0. */
export interface LedgerAccount {
  id: string;
  account: string;
  user_id: string | null;
  user_name: string | null;
  program_id: string | null;
  program_name: string | null;
  currency: string;
  balance: string;
}

export interface TrialBalanceRow {
  account: string;
  currency: string;
  debits: string;
  credits: string;
}

/** A line of a transaction; a credit is above 0, a debit below. */
export interface LedgerEntry {
  transaction_id: string;
  number: number;
  posting: string;
  account: string;
  user_id: string;
  user_name: string;
  program_id: string;
  commission_id: string | null;
  payout_id: string | null;
  currency: string;
  amount: string;
  posted_at: string;
  period: string;
  note: string | null;
}

export interface Invariant {
  name: string;
  meaning: string;
  holds: boolean;
  checked: number;
  wrong: number;
  first: string | null;
}

export interface LedgerProof {
  intact: boolean;
  invariants: Invariant[];
  proved_at: string;
}

/** A month of a program, by its first day. */
export interface LedgerPeriod {
  program_id: string;
  program_name: string;
  period: string;
  transactions: number;
  closed_at: string | null;
  closed_by: string | null;
  closed_by_name: string | null;
}

/** What one unit of a currency is worth in another from the start of a day (UTC) on. */
export interface ExchangeRate {
  id: string;
  from_currency: string;
  to_currency: string;
  day: string;
  rate: string;
  created_at: string;
  created_by: string | null;
}

// The answers of the JSON API about partners in programs: groups, enrolments, leads.

export type EnrolmentStatus =
  'applied' | 'invited' | 'approved' | 'rejected' | 'suspended' | 'banned' | 'left';

export interface Group {
  id: string;
  program_id: string;
  name: string;
  description: string | null;
  /** How many are in it, of all states. */
  partners: number;
  created_at: string;
  updated_at: string;
}

export interface EnrolmentChange {
  since: string;
  /** From when on conversions see it: earlier only for the first. */
  counts_from: string;
  status: EnrolmentStatus;
  reason: string | null;
  by: string | null;
  by_name: string | null;
}

export interface Enrolment {
  id: string;
  program_id: string;
  program_name: string;
  user_id: string;
  user_name: string;
  group_id: string | null;
  group_name: string | null;
  status: EnrolmentStatus;
  /** Of the status, as is `reason`. */
  since: string;
  reason: string | null;
  created_at: string;
  updated_at: string;
  /** The oldest first; of one that is asked for by itself. */
  changes?: EnrolmentChange[];
}

export interface Partner {
  /** The same as user_id. */
  id: string;
  user_id: string;
  email: string;
  name: string;
  /** Of the user. */
  status: string;
  kind: 'person' | 'company';
  company: string | null;
  country: string | null;
  website: string | null;
  audience: string | null;
  mc_number: string | null;
  dot_number: string | null;
  referred_by: string | null;
  referred_by_name: string | null;
  /** Of the first link, as is the address. */
  code: string | null;
  short_url: string | null;
  created_at: string;
  updated_at: string;
  enrolments: Enrolment[];
}

export type LeadStatus = 'waiting' | 'accepted' | 'rejected' | 'converted' | 'expired';

/** Another lead of the same company. */
export interface Rival {
  id: string;
  user_id: string;
  user_name: string;
  status: LeadStatus;
  registered_at: string;
  protected_until: string | null;
}

export interface Lead {
  id: string;
  program_id: string;
  user_id: string;
  user_name: string;
  company: string;
  name: string | null;
  email: string | null;
  phone: string | null;
  domain: string | null;
  mc_number: string | null;
  dot_number: string | null;
  country: string | null;
  /** For whoever decides. */
  note: string | null;
  status: LeadStatus;
  reason: string | null;
  customer_id: string | null;
  account_id: string | null;
  registered_at: string;
  protected_until: string | null;
  decided_by: string | null;
  decided_at: string | null;
  /** When the first sale that counts occurred. */
  converted_at: string | null;
  created_at: string;
  updated_at: string;
  /** Of one that is asked for by itself; for staff. */
  rivals?: Rival[];
  /** Since when the company is known to us anyway. */
  known_since?: string | null;
}

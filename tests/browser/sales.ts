// A partner with a code, a program of its own and what a customer booked, made through the API.
import type { APIRequestContext } from '@playwright/test';
import { freshCode } from './account';
import { write } from './fixtures';
import { freshEmail, makePartner } from './people';
import { destinationHost } from './setup';

/** A write of the signed-in administrator; its answer. */
export async function post<Answer>(
  admin: APIRequestContext,
  path: string,
  data: object = {},
): Promise<Answer> {
  return write<Answer>(admin, 'post', path, data);
}

export interface MadeProgram {
  id: string;
  name: string;
}

/** A program nobody else uses: rules and budgets of one test do not reach another. */
export async function makeProgram(admin: APIRequestContext): Promise<MadeProgram> {
  return post<MadeProgram>(admin, '/programs', {
    name: `Program ${freshCode('p')}`,
    currency: 'USD',
    timezone: 'America/Chicago',
    allowed_hosts: [destinationHost],
  });
}

export interface Seller {
  program: MadeProgram;
  user_id: string;
  name: string;
  email: string;
  code: string;
}

/** A partner who can sign in, approved in a program of its own, with a code there. */
export async function makeSeller(
  visitor: APIRequestContext,
  admin: APIRequestContext,
  name: string,
): Promise<Seller> {
  const program = await makeProgram(admin);
  const email = freshEmail('seller');
  const user_id = await makePartner(visitor, admin, email, name);
  await post(admin, '/enrolments', { program_id: program.id, user_id });
  const code = freshCode('sell');
  await post(admin, '/links', {
    program_id: program.id,
    user_id,
    code,
    destination_url: `https://${destinationHost}/`,
  });
  return { program, user_id, name, email, code };
}

/** 10 % of the margin of each delivered event. */
export async function makeRule(
  admin: APIRequestContext,
  program: MadeProgram,
  more: object = {},
): Promise<string> {
  const made = await post<{ id: string }>(admin, '/commission-rules', {
    program_id: program.id,
    name: 'Standard',
    event_kind: 'delivered',
    basis: 'margin',
    rate_ppm: 100_000,
    effective_from: '2026-01-01T00:00:00Z',
    ...more,
  });
  return made.id;
}

export interface MadeConversion {
  id: string;
  external_id: string;
  commissions: { id: string; amount: string; status: string }[];
}

/** A load of 2,400.00 for which the carrier gets 2,010.00. */
export async function makeConversion(
  admin: APIRequestContext,
  seller: Seller,
  more: object = {},
): Promise<MadeConversion> {
  const external_id = freshCode('load');
  return post<MadeConversion>(admin, '/conversions', {
    program_id: seller.program.id,
    kind: 'delivered',
    source: 'tms',
    external_id,
    occurred_at: new Date(Date.now() - 3_600_000).toISOString(),
    revenue: '2400.00',
    cost: '2010.00',
    currency: 'USD',
    code: seller.code,
    customer: { external_id: `customer-${external_id}`, company: 'Acme Freight' },
    ...more,
  });
}

// People made for tests: their mails, their second factor, their accounts.
import { expect, type APIRequestContext, type Page } from '@playwright/test';
import { createHmac } from 'node:crypto';
import { csrfToken } from './fixtures';

export const goodPassword = 'seven amber lanterns drift north';

/** An address nobody else has. */
export const freshEmail = (purpose: string): string =>
  `${purpose}.${Date.now().toString(36)}${Math.floor(Math.random() * 46_656).toString(36)}@example.org`;

interface ListedMail {
  id: string;
  to: string;
  template: string;
}

/** The text of the newest mail of a template to an address, as the outbox shows it without MAIL_SERVER. */
export async function mailText(
  admin: APIRequestContext,
  to: string,
  template: string,
): Promise<string> {
  let text: string | undefined;
  await expect
    .poll(async () => {
      const answer = await admin.get(`/api/v1/mails?to=${encodeURIComponent(to)}`);
      const { data } = (await answer.json()) as { data: ListedMail[] };
      const found = data.find((mail) => mail.template === template);
      if (!found) return undefined;
      const mail = await admin.get(`/api/v1/mails/${found.id}`);
      text = ((await mail.json()) as { content: { text: string } | null }).content?.text;
      return text;
    })
    .toBeDefined();
  return text ?? '';
}

/** The path of the link in that mail; the host is whatever the program believes it is called. */
export async function mailedPath(
  admin: APIRequestContext,
  to: string,
  template: string,
): Promise<string> {
  const text = await mailText(admin, to, template);
  const found = /https?:\/\/\S+token=\S+/.exec(text)?.[0];
  expect(found, text).toBeDefined();
  const address = new URL(found ?? '');
  return address.pathname + address.search;
}

function base32(text: string): Buffer {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...text.replace(/[\s=]/g, '').toUpperCase()]
    .map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const bytes = bits.match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => parseInt(byte, 2)));
}

/** The code of an authenticator (RFC 6238), `stepsAhead` of now: a code is taken once only. */
export function totpCode(secret: string, stepsAhead = 0): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + stepsAhead));
  const digest = createHmac('sha1', base32(secret)).update(counter).digest();
  const at = (digest.at(-1) ?? 0) & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

export async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto('/auth/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** An application whose address is confirmed, as the API takes it from the pages. */
export async function makeApplication(
  visitor: APIRequestContext,
  admin: APIRequestContext,
  email: string,
  name: string,
): Promise<void> {
  const terms = (await (await visitor.get('/api/v1/auth/terms')).json()) as { version: number };
  const sent = await visitor.post('/api/v1/auth/apply', {
    data: {
      email,
      name,
      kind: 'person',
      country: 'US',
      audience: 'Owner-operators of the Midwest',
      terms_version: terms.version,
      password: goodPassword,
    },
  });
  expect(sent.status(), await sent.text()).toBe(202);
  const path = await mailedPath(admin, email, 'verify-email');
  const token = new URL(path, 'http://local').searchParams.get('token');
  const verified = await visitor.post('/api/v1/auth/verify-email', { data: { token } });
  expect(verified.status(), await verified.text()).toBe(204);
}

/** A partner who can sign in with `goodPassword`; answers the user's id. */
export async function makePartner(
  visitor: APIRequestContext,
  admin: APIRequestContext,
  email: string,
  name: string,
): Promise<string> {
  await makeApplication(visitor, admin, email, name);
  const listed = await admin.get('/api/v1/applications?status=waiting&limit=200');
  const { data } = (await listed.json()) as { data: { id: string; email: string }[] };
  const id = data.find((each) => each.email === email)?.id;
  const approved = await admin.post(`/api/v1/applications/${id}/approve`, {
    data: {},
    headers: { 'X-CSRF-Token': await csrfToken(admin) },
  });
  expect(approved.ok(), await approved.text()).toBe(true);
  const users = await admin.get(`/api/v1/users?q=${encodeURIComponent(email)}`);
  const found = (await users.json()) as { data: { id: string }[] };
  expect(found.data).toHaveLength(1);
  return found.data[0]?.id ?? '';
}

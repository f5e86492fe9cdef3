import { expect, test as base, type APIRequestContext, type Page } from '@playwright/test';
import { sessionFile } from './account';
import { destinationHost } from './setup';

interface Fixtures {
  /** What the page complained about; a test that ends with any of it fails. */
  complaints: string[];
  /** Console errors that a test provokes on purpose, such as the browser's note of a 401 answer. */
  expected: RegExp[];
}

function isExpected(complaint: string, expected: RegExp[]): boolean {
  return expected.some((pattern) => pattern.test(complaint));
}

/** A test with a page on which an error, a dialog of the browser's or a CSP violation is a failure. */
export const test = base.extend<Fixtures>({
  expected: async ({}, use) => use([]),
  complaints: [
    async ({ page, expected }, use) => {
      const complaints: string[] = [];
      const complain = (text: string): void => {
        complaints.push(`${text} (${page.url()})`);
      };
      // The pages have dialogs of their own: one of the browser's is of a script that is not ours.
      page.on('dialog', (dialog) => {
        complain(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on('pageerror', (error) => complain(`page error: ${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error') complain(`console: ${message.text()}`);
      });
      await page.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (event) => {
          console.error(`CSP: ${event.effectiveDirective} ${event.blockedURI}`);
        });
      });
      await use(complaints);
      expect(complaints.filter((complaint) => !isExpected(complaint, expected))).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** The answer of the API to a signed-in browser's own request. */
export async function csrfToken(request: APIRequestContext): Promise<string> {
  const answer = await request.get('/api/v1/me');
  expect(answer.status()).toBe(200);
  return ((await answer.json()) as { csrf_token: string }).csrf_token;
}

/** A write of a signed-in browser through the API, which takes it; its answer. */
export async function write<Answer>(
  request: APIRequestContext,
  method: 'post' | 'patch',
  path: string,
  data: object = {},
): Promise<Answer> {
  const headers = { 'X-CSRF-Token': await csrfToken(request) };
  const answer = await request[method](`/api/v1${path}`, { data, headers });
  expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
  return (await answer.json()) as Answer;
}

export interface MadeLink {
  id: string;
  code: string;
  short_url: string;
}

export async function makeLink(request: APIRequestContext, code: string): Promise<MadeLink> {
  const answer = await request.post('/api/v1/links', {
    data: { destination_url: `https://${destinationHost}/landing`, code, name: `Test ${code}` },
    headers: { 'X-CSRF-Token': await csrfToken(request) },
  });
  expect(answer.status(), await answer.text()).toBe(201);
  return (await answer.json()) as MadeLink;
}

const browserAgent =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

/** A visit as a browser makes it; the destination is not followed. */
export async function visit(request: APIRequestContext, code: string): Promise<number> {
  const answer = await request.get(`/r/${code}`, {
    maxRedirects: 0,
    headers: {
      'User-Agent': browserAgent,
      Accept: 'text/html',
      'Sec-Fetch-Dest': 'document',
      'Sec-Fetch-Mode': 'navigate',
    },
  });
  return answer.status();
}

/** Waits until the page has loaded its data: it knows who is signed in, no skeletons, nothing busy. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('load');
  await expect(page.locator('.account-name')).not.toBeEmpty();
  await expect(page.locator('main .skeleton:visible')).toHaveCount(0);
  await expect(page.locator('main [aria-busy="true"]:visible')).toHaveCount(0);
}

export const signedIn = { storageState: sessionFile };

/** A browser that nobody is signed in with; contexts made in a test take over its settings otherwise. */
export const stranger = { storageState: { cookies: [], origins: [] } };

/** How long one page of a test may take. Opening a browser for each costs more than the page itself:
 * one test looks at many, each in a step. */
export const pageMs = 60_000;

/** The pages by whose they are. */
export const pagesOf = {
  'a partner': [
    '/dashboard/',
    '/dashboard/earnings',
    '/referrals/links',
    '/referrals/clicks',
    '/referrals/customers',
    '/referrals/leads',
    '/referrals/rules',
    '/referrals/why-not',
  ],
  'a manager': [
    '/admin/partners',
    '/admin/leads',
    '/admin/conversions',
    '/admin/customers',
    '/admin/companies',
    '/admin/imports',
    '/admin/postbacks',
    '/admin/programs',
    '/admin/groups',
    '/admin/rules',
    '/admin/rule',
    '/admin/applications',
  ],
  finance: [
    '/finance/liability',
    '/finance/commissions',
    '/finance/ledger',
    '/finance/entries',
    '/finance/periods',
    '/finance/exchange-rates',
  ],
  'an administrator': [
    '/admin/users',
    '/admin/roles',
    '/admin/audit-log',
    '/admin/jobs',
    '/admin/mails',
    '/admin/settings',
  ],
  everybody: ['/settings/', '/settings/security', '/settings/api-keys', '/docs'],
};

/** The pages for those who are not signed in. */
export const plainPages = [
  '/auth/sign-in',
  '/auth/apply',
  '/auth/apply/sent',
  '/auth/forgot',
  '/auth/reset?token=x',
  '/auth/verify?token=x',
  '/auth/confirm-email?token=x',
  '/auth/unlock?token=x',
  '/auth/reset',
];

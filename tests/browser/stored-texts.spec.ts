// S-11: hostile texts in everything that people can name or send. Every screen shows them as texts.
// It is the last of the files, since its people and links stay.
import type { APIRequestContext, Page } from '@playwright/test';
import { account, freshCode, sessionFile } from './account';
import {
  expect,
  pageMs,
  pagesOf,
  plainPages,
  settled,
  signedIn,
  stranger,
  test,
  write,
  type MadeLink,
} from './fixtures';
import { freshEmail, goodPassword, mailedPath, makePartner, signIn } from './people';
import { destinationHost } from './setup';

/** Ends an attribute, then is an element that can be found and one that would run. */
const hostile = `"'><b data-hostile>x</b><img src=x onerror=alert(1)>`;
const script = `</title></script><script data-hostile>alert(1)</script>`;

interface Stored {
  link: MadeLink;
  partner: string;
  invited: string;
  applicant: string;
}

async function apply(
  visitor: APIRequestContext,
  admin: APIRequestContext,
  email: string,
): Promise<string> {
  const terms = (await (await visitor.get('/api/v1/auth/terms')).json()) as { version: number };
  const sent = await visitor.post('/api/v1/auth/apply', {
    data: {
      email,
      name: hostile,
      kind: 'company',
      company: hostile,
      country: 'US',
      website: `https://${destinationHost}/?q='onload=alert(1)&x=javascript:alert(1)`,
      audience: `${hostile}\n${script}`,
      terms_version: terms.version,
      password: goodPassword,
    },
  });
  expect(sent.status(), await sent.text()).toBe(202);
  const path = await mailedPath(admin, email, 'verify-email');
  const token = new URL(path, 'http://local').searchParams.get('token');
  const verified = await visitor.post('/api/v1/auth/verify-email', { data: { token } });
  expect(verified.status(), await verified.text()).toBe(204);
  const listed = await admin.get(`/api/v1/applications?q=${encodeURIComponent(email)}`);
  const { data } = (await listed.json()) as { data: { id: string }[] };
  return data[0]?.id ?? '';
}

/** Clicks whose every header is hostile, on the link and on a code that is not there. */
async function send(admin: APIRequestContext, visitor: APIRequestContext, link: MadeLink) {
  const headers = { 'User-Agent': hostile, Referer: `https://x.example/${hostile}` };
  const query = new URLSearchParams({ utm_source: hostile, utm_campaign: script });
  for (const path of [`${link.code}?${query.toString()}`, encodeURIComponent(hostile)]) {
    await visitor.get(`/r/${path}`, { maxRedirects: 0, headers });
  }
  await expect
    .poll(async () => (await (await admin.get(`/api/v1/clicks?link_id=${link.id}`)).json()).data)
    .toHaveLength(1);
}

async function store(admin: APIRequestContext, visitor: APIRequestContext): Promise<Stored> {
  const [partner, invited] = [freshEmail('hostile'), freshEmail('invited')];
  const applicant = freshEmail('applicant');
  const utm = {
    source: hostile,
    medium: script,
    campaign: hostile,
    term: script,
    content: hostile,
  };
  const destination_url = `https://${destinationHost}/?q='onload=alert(1)`;
  const targets = [{ countries: ['US'], destination_url }];
  const data = { code: freshCode('hostile'), name: hostile, destination_url, utm, targets };
  const link = (await write(admin, 'post', '/links', data)) as MadeLink;
  await makePartner(visitor, admin, partner, hostile);
  await write(admin, 'post', '/users', { email: invited, name: hostile, role: 'partner' });
  const rejected = await apply(visitor, admin, freshEmail('rejected'));
  await write(admin, 'post', `/applications/${rejected}/reject`, { reason: hostile + script });
  await apply(visitor, admin, applicant);
  await write(admin, 'post', '/api-keys', { name: hostile, scopes: ['links:read'] });
  await send(admin, visitor, link);
  return { link, partner, invited, applicant };
}

/** Nothing of the texts has become a part of the page. Scripts, dialogs and refusals of the policy
 * are complaints, which fail every test. */
async function expectTextsOnly(page: Page): Promise<void> {
  await expect(page.locator('[data-hostile], img[src="x"]')).toHaveCount(0);
}

test.describe('hostile texts', () => {
  // The browser's own notes of pages that are not there.
  test.use({ ...signedIn, expected: [/the server responded with a status of (403|404|422)/] });

  let admin: APIRequestContext;
  let stored: Stored;
  let undo: (() => Promise<unknown>)[] = [];

  test.beforeAll(async ({ playwright, baseURL }) => {
    const base = baseURL ? { baseURL } : {};
    admin = await playwright.request.newContext({ ...base, storageState: sessionFile });
    const visitor = await playwright.request.newContext({ ...base, ...stranger });
    stored = await store(admin, visitor);
    await visitor.dispose();
    const { user, branding } = (await (await admin.get('/api/v1/me')).json()) as {
      user: { name: string };
      branding: { name: string };
    };
    const programs = (await (await admin.get('/api/v1/programs')).json()) as {
      data: { id: string; name: string }[];
    };
    for (const [path, name, before, text] of [
      ['/me', 'name', user.name, hostile],
      ['/settings', 'branding_name', branding.name, hostile],
      [`/programs/${programs.data[0]?.id}`, 'name', programs.data[0]?.name, script],
    ] as const) {
      undo.push(() => write(admin, 'patch', path, { [name]: before }));
      await write(admin, 'patch', path, { [name]: text });
    }
  });

  test.afterAll(async () => {
    for (const each of undo) await each();
    undo = [];
    await admin.dispose();
  });

  for (const [whose, paths] of Object.entries(pagesOf)) {
    test(`are texts on the pages of ${whose}`, async ({ page }) => {
      test.setTimeout(paths.length * pageMs);
      for (const path of paths) {
        await test.step(path, async () => {
          await page.goto(path);
          await settled(page);

          await expect(page.locator('.account-name')).toHaveText(hostile);
          await expect(page).toHaveTitle(new RegExp('data-hostile'));
          await expectTextsOnly(page);
          for (const tab of await page.locator('button[data-by]').all()) {
            await tab.click();
            await settled(page);
            await expectTextsOnly(page);
          }
        });
      }
    });
  }

  test('are texts on the pages of strangers', async ({ page }) => {
    test.setTimeout(plainPages.length * pageMs);
    // They remember the name of the last visit.
    await page.goto('/settings/');
    await settled(page);
    await page.context().clearCookies();
    for (const path of plainPages) {
      await test.step(path, async () => {
        await page.goto(path);
        await page.waitForLoadState('networkidle');

        await expect(page).toHaveTitle(new RegExp('data-hostile'));
        await expectTextsOnly(page);
      });
    }
  });

  test('are texts in what is asked about a user', async ({ page }) => {
    await page.goto(`/admin/users?q=${encodeURIComponent(stored.partner)}`);
    await settled(page);
    const row = page.locator('#rows tr');
    for (const action of ['Sign out', 'Disable', 'See as this partner']) {
      await row.getByRole('button', { name: /^Actions for/ }).click();
      await row.getByRole('button', { name: action, exact: true }).click();

      await expect(page.locator('.swal2-title')).toContainText(hostile);
      await expectTextsOnly(page);
      await page.locator('.swal2-cancel').click();
      await expect(page.locator('.swal2-popup')).toHaveCount(0);
    }
    await row.getByRole('button', { name: /^Actions for/ }).click();
    await row.getByRole('button', { name: 'Name and role' }).click();

    await expect(page.locator('#user-title')).toHaveText(`Change ${hostile}`);
    await page.getByRole('button', { name: 'Save changes' }).click();
    await expect(page.locator('#toasts')).toContainText(hostile);
    await expectTextsOnly(page);
  });

  test('are texts to an administrator who looks as the partner', async ({ browser, page }) => {
    const context = await browser.newContext(stranger);
    const other = await context.newPage();
    await signIn(other, account().email, account().password);
    await settled(other);
    await other.goto(`/admin/users?q=${encodeURIComponent(stored.partner)}`);
    await settled(other);
    await other.getByRole('button', { name: /^Actions for/ }).click();
    await other.getByRole('button', { name: 'See as this partner' }).click();
    await other.locator('.swal2-confirm').click();

    await expect(other.locator('#viewing-as')).toContainText(hostile);
    await expectTextsOnly(other);
    await context.close();
    await page.close();
  });

  test('are texts in an application and its decision', async ({ page }) => {
    await page.goto(`/admin/applications?q=${encodeURIComponent(stored.applicant)}`);
    await settled(page);
    await page.locator('#rows a').first().click();
    await expect(page.locator('#detail-name')).toHaveText(hostile);
    await expect(page.locator('#detail-audience')).toContainText(script);
    await expectTextsOnly(page);

    await page.locator('#approve').click();
    await expect(page.locator('.swal2-title')).toHaveText(`Approve ${hostile}?`);
    await expectTextsOnly(page);
    await page.locator('.swal2-cancel').click();
    await page.locator('#reject').click();
    await expect(page.locator('#reject-title')).toHaveText(`Reject ${hostile}`);
    await page.locator('#reject-reason').fill(script);
    await page.locator('#reject-dialog').getByRole('button', { name: 'Reject' }).click();
    await expect(page.locator('#toasts')).toContainText(hostile);
    await page.goto('/admin/applications?status=rejected');
    await settled(page);
    await page.locator('#rows a').first().click();

    await expect(page.locator('#detail-facts')).toContainText(script);
    await expectTextsOnly(page);
  });

  test('are texts in the entries of the audit log', async ({ page }) => {
    await page.goto('/admin/audit-log');
    await settled(page);
    for (const details of (await page.getByRole('button', { name: /^Details of/ }).all()).slice(
      0,
      12,
    )) {
      await details.click();
      await expect(page.locator('dialog[open]')).toBeVisible();
      await expectTextsOnly(page);
      await page.keyboard.press('Escape');
    }
    await page.goto('/admin/audit-log?action=settings.change');
    await settled(page);
    await page
      .getByRole('button', { name: /^Details of/ })
      .first()
      .click();

    await expect(page.locator('.change-after', { hasText: hostile })).toBeVisible();
  });

  test('are texts in mails, and in their source', async ({ page }) => {
    await page.goto('/admin/mails');
    await settled(page);
    for (const details of (await page.getByRole('button', { name: /^Details of/ }).all()).slice(
      0,
      10,
    )) {
      await details.click();
      await expect(page.locator('#mail-text')).not.toBeEmpty();
      await page.getByRole('button', { name: 'HTML source' }).click();
      await expect(page.locator('#mail-html')).toContainText('<html');
      await expectTextsOnly(page);
      await page.keyboard.press('Escape');
    }
  });

  test('are texts in what is asked about a key', async ({ page }) => {
    await page.goto('/settings/api-keys');
    await settled(page);
    const row = page.locator('#rows tr').first();
    for (const action of ['Rotate', 'Revoke']) {
      await row.getByRole('button', { name: /^Actions for/ }).click();
      await row.getByRole('button', { name: action, exact: true }).click();

      await expect(page.locator('.swal2-title')).toContainText(hostile);
      await expectTextsOnly(page);
      await page.locator('.swal2-cancel').click();
      await expect(page.locator('.swal2-popup')).toHaveCount(0);
    }
    await row.getByRole('button', { name: /^Actions for/ }).click();
    await row.getByRole('button', { name: 'Change', exact: true }).click();
    await expect(page.locator('dialog[open]')).toBeVisible();
    await expectTextsOnly(page);
  });

  test('are texts on the page of a link, its dialogs and in the palette', async ({ page }) => {
    await page.goto(`/referrals/link?id=${stored.link.id}`);
    await settled(page);
    await expect(page.locator('#link-heading')).toHaveText(hostile);
    for (const tab of await page.locator('button[data-by]').all()) {
      await tab.click();
      await settled(page);
      await expectTextsOnly(page);
    }
    await expect(page.getByRole('main')).toContainText(stored.link.code);

    await page.getByRole('button', { name: 'Edit' }).click();
    await expect(page.locator('dialog[open]')).toBeVisible();
    await page.locator('dialog[open] details').evaluateAll((all) => {
      for (const each of all) (each as HTMLDetailsElement).open = true;
    });
    await expect(page.locator('.ts-control').first()).toBeVisible();
    await expectTextsOnly(page);
    await page.getByRole('button', { name: 'Cancel' }).first().click();
    await page.getByRole('button', { name: 'QR code', exact: true }).click();
    await expectTextsOnly(page);
    await page.keyboard.press('Escape');

    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search links and pages' }).fill('data-hostile');
    await expect(page.locator('#palette-list [role="option"]').first()).toContainText(hostile);
    await page.getByRole('combobox', { name: 'Search links and pages' }).fill(script);
    await expect(page.locator('#palette-note')).toContainText(script);
    await expectTextsOnly(page);
  });

  test('are texts in the details of a click', async ({ page }) => {
    await page.goto('/referrals/clicks');
    await settled(page);
    for (const details of (await page.getByRole('button', { name: /^Details of/ }).all()).slice(
      0,
      6,
    )) {
      await details.click();
      await expect(page.locator('dialog[open]')).toBeVisible();
      await expectTextsOnly(page);
      await page.keyboard.press('Escape');
    }
  });

  test('are texts to somebody invited', async ({ page }) => {
    const path = await mailedPath(admin, stored.invited, 'invitation');
    await page.context().clearCookies();

    await page.goto(path);

    await expect(page.locator('#invite-name')).toHaveValue(hostile);
    await expectTextsOnly(page);
  });

  test('are texts to visitors of links', async ({ page }) => {
    await page.goto(`/r/${encodeURIComponent(hostile)}`);
    await expect(page.getByRole('main')).toBeVisible();
    await expectTextsOnly(page);

    const locked = (await write(admin, 'post', '/links', {
      code: freshCode('locked'),
      name: hostile,
      destination_url: `https://${destinationHost}/`,
      password: 'open sesame',
    })) as MadeLink;
    await page.goto(
      `/r/${locked.code}?${encodeURIComponent(hostile)}=${encodeURIComponent(script)}`,
    );
    await page.locator('input[type="password"]').fill(script);
    await page.keyboard.press('Enter');

    await expect(page.locator('input[type="password"]')).toBeVisible();
    await expectTextsOnly(page);
  });

  test('are texts in addresses that a page reads', async ({ page }) => {
    const text = encodeURIComponent(hostile);
    const filters = `q=${text}&utm_source=${text}&sort=${text}&status=${text}`;
    const others = `q=${text}&action=${text}&to=${text}&object_id=${text}`;
    for (const address of [
      ...['links', 'clicks'].map((list) => `/referrals/${list}?${filters}`),
      ...['users', 'audit-log', 'mails', 'applications'].map((list) => `/admin/${list}?${others}`),
    ]) {
      await page.goto(address);
      await page.waitForLoadState('networkidle');
      await expectTextsOnly(page);
    }
  });
});

import type { APIRequestContext } from '@playwright/test';
import { account } from './account';
import { csrfToken, expect, settled, signedIn, stranger, test } from './fixtures';
import {
  freshEmail,
  goodPassword,
  mailedPath,
  makeApplication,
  makePartner,
  signIn,
} from './people';

test.use(signedIn);

test.describe('an administrator', () => {
  let visitor: APIRequestContext;

  test.beforeEach(async ({ playwright, baseURL }) => {
    visitor = await playwright.request.newContext({ ...(baseURL ? { baseURL } : {}), ...stranger });
  });

  test.afterEach(async () => visitor.dispose());

  test('invites somebody, who accepts', async ({ page, request, browser }) => {
    const email = freshEmail('invited');
    await page.goto('/admin/users');
    await settled(page);
    await page.getByRole('button', { name: 'Invite' }).click();
    await page.locator('#user-dialog').getByLabel('E-mail').fill(email);
    await page.locator('#user-dialog').getByLabel('Name').fill('Ines Calder');
    await page.locator('#user-dialog').getByLabel('Role').selectOption('analyst');
    await page.getByRole('button', { name: 'Send the invitation' }).click();
    await page.getByLabel('Search users', { exact: true }).fill(email);
    const row = page.getByRole('row', { name: new RegExp(email) });
    await expect(row.getByText('Invited', { exact: true })).toBeVisible();

    const context = await browser.newContext(stranger);
    const guest = await context.newPage();
    await guest.goto(await mailedPath(request, email, 'invitation'));
    await expect(guest).toHaveURL(/\/auth\/invite$/);
    await expect(guest.getByText(email)).toBeVisible();
    await guest.getByLabel('Password', { exact: true }).fill(goodPassword);
    await guest.getByRole('button', { name: 'Accept the invitation' }).click();
    await expect(guest.getByText('Your account is ready')).toBeVisible();
    await signIn(guest, email, goodPassword);
    await expect(guest).toHaveURL(/\/dashboard\/$/);
    await guest.goto('/admin/users');
    await expect(guest.getByRole('link', { name: 'Audit log' })).toBeVisible();
    await expect(guest.getByRole('link', { name: 'Users' })).toBeHidden();
    await context.close();
  });

  test('changes a role, disables and enables, and finds it in the audit log', async ({
    page,
    request,
  }) => {
    const email = freshEmail('member');
    await makePartner(visitor, request, email, 'Odell Finch');
    await page.goto(`/admin/users?q=${encodeURIComponent(email)}`);
    await settled(page);
    const row = page.getByRole('row', { name: new RegExp(email) });
    const menu = row.getByRole('button', { name: 'Actions for Odell Finch' });

    await menu.click();
    await row.getByRole('button', { name: 'Name and role' }).click();
    await page.locator('#user-dialog').getByLabel('Role').selectOption('manager');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await expect(row.getByText('Manager')).toBeVisible();
    await menu.click();
    await row.getByRole('button', { name: 'Disable' }).click();
    await page.locator('.swal2-confirm').click();
    await expect(row.getByText('Disabled')).toBeVisible();
    await menu.click();
    await row.getByRole('button', { name: 'Enable' }).click();
    await expect(row.getByText('Active')).toBeVisible();

    const id = await row.getAttribute('data-id');
    await page.goto(`/admin/audit-log?object_type=user&object_id=${id}`);
    await settled(page);
    const change = page.getByRole('row', { name: /role/ }).first();
    await change.getByRole('button', { name: /^Details of/ }).click();
    const changes = page.locator('.changes');
    await expect(changes.locator('.change-before').first()).toHaveText('partner');
    await expect(changes.locator('.change-after').first()).toHaveText('manager');
  });

  test('looks as a partner, read-only, and comes back', async ({ page, request }) => {
    const email = freshEmail('seen');
    await makePartner(visitor, request, email, 'Petra Voss');
    // Of its own session: the shared one would look as somebody else in every other test.
    await page.context().clearCookies();
    const { email: own, password } = account();
    await signIn(page, own, password);
    await expect(page).toHaveURL(/\/dashboard\/$/);
    await page.goto(`/admin/users?q=${encodeURIComponent(email)}`);
    await settled(page);

    await page.getByRole('button', { name: 'Actions for Petra Voss' }).click();
    await page.getByRole('button', { name: 'See as this partner' }).click();
    await page.locator('.swal2-confirm').click();

    await expect(page.locator('#viewing-as')).toContainText('You are looking as Petra Voss');
    await expect(page.getByRole('link', { name: 'Users' })).toBeHidden();
    await page.goto('/referrals/links');
    await settled(page);
    await expect(page.getByRole('main').getByRole('button', { name: 'New link' })).toBeHidden();
    await page.getByRole('button', { name: 'Back to your account' }).click();
    await expect(page).toHaveURL(/\/admin\/users$/);
    await expect(page.locator('#viewing-as')).toBeHidden();
  });

  test('goes through applications by keys and rejects one with a reason', async ({
    page,
    request,
  }) => {
    const email = freshEmail('rejected');
    const name = `Rollo ${email.slice(9, 20)}`;
    await makeApplication(visitor, request, email, name);
    await page.goto('/admin/applications');
    await settled(page);
    await page.getByRole('link', { name: new RegExp(name) }).click();
    await expect(page.locator('#detail-name')).toHaveText(name);

    await page.keyboard.press('r');
    await page.getByLabel('Reason').fill('We do not serve that market yet.');
    await page.locator('#reject-dialog').getByRole('button', { name: 'Reject' }).click();
    await expect(page.getByText(`${name} is rejected.`)).toBeVisible();

    await page.getByLabel('Status').selectOption('rejected');
    await page.getByRole('link', { name: new RegExp(name) }).click();
    await expect(page.locator('#detail-facts')).toContainText('We do not serve that market yet.');
    await expect(page).toHaveURL(/status=rejected/);
  });

  test('reads the mails, as text and as source', async ({ page, request }) => {
    const email = freshEmail('mailed');
    await makeApplication(visitor, request, email, 'Mina Sorrel');
    await page.goto('/admin/mails');
    await settled(page);

    await page.getByRole('button', { name: new RegExp(`verify-email to ${email}`) }).click();

    await expect(page.locator('#mail-text a').first()).toHaveAttribute('href', /token=/);
    await page.getByRole('button', { name: 'HTML source' }).click();
    await expect(page.locator('#mail-html')).toContainText('<html');
  });

  test('sees queues and schedules', async ({ page }) => {
    await page.goto('/admin/jobs');
    await settled(page);

    await expect(page.locator('#queue-rows tr').first()).toBeVisible();
    await expect(page.locator('#schedule-rows tr').first()).toBeVisible();
    await page.getByLabel('State').selectOption('waiting');
    await expect(page).toHaveURL(/state=waiting/);
  });

  test('replays a job that failed for good, and discards another', async ({ page, request }) => {
    await page.goto('/admin/jobs');
    await settled(page);
    const toDo = page.locator('#rows tr', { hasText: 'job-counts.forget' });
    await toDo.getByRole('button', { name: /^Actions for/ }).click();
    await toDo.getByRole('button', { name: 'Details' }).click();
    const dialog = page.getByRole('dialog', { name: 'job-counts.forget' });
    await expect(dialog.locator('#job-facts')).toContainText('Dead');
    await expect(dialog.locator('#job-error')).toContainText('The disk was full.');

    await dialog.getByRole('button', { name: 'Replay' }).click();

    await expect(page.locator('#toasts')).toContainText('The job is tried again.');
    await expect(dialog).toBeHidden();
    await expect(toDo).toHaveCount(0);
    await expect
      .poll(async () => {
        const answer = await request.get('/api/v1/job-queues');
        const { data } = (await answer.json()) as { data: { kind: string; done_24h: number }[] };
        return data.find(({ kind }) => kind === 'job-counts.forget')?.done_24h;
      })
      .toBeGreaterThan(0);

    const other = page.locator('#rows tr', { hasText: 'idempotency-keys.forget' });
    await other.getByRole('button', { name: /^Actions for/ }).click();
    await other.getByRole('button', { name: 'Discard' }).click();
    await page.locator('.swal2-confirm').click();
    await expect(page.locator('#toasts')).toContainText('The job is discarded.');
    await expect(page.getByText('Nothing has failed for good')).toBeVisible();
  });

  test('sees the proof of the audit log, and gets it as CSV', async ({ page }) => {
    await page.goto('/admin/audit-log');
    await settled(page);

    await expect(page.locator('#proof')).toContainText('proved unchanged');
    const address = await page.getByRole('link', { name: 'CSV' }).getAttribute('href');
    const answer = await page.request.get(address ?? '');
    expect(answer.status()).toBe(200);
    expect(answer.headers()['content-type']).toContain('text/csv');
  });

  test('sees what each role includes', async ({ page }) => {
    await page.goto('/admin/roles');
    await settled(page);

    const cells = page.getByRole('row', { name: /links:ban/ }).getByRole('cell');
    await expect(page.locator('#matrix-head th')).toHaveText([
      'Permission',
      'Admin',
      'Manager',
      'Finance',
      'Analyst',
      'Partner',
      'API keys',
    ]);
    await expect(cells).toHaveText(['yes', 'yes', 'no', 'no', 'no', 'yes']);
    await page.getByRole('link', { name: 'Users with the role Partner' }).click();
    await expect(page).toHaveURL(/\/admin\/users\?role=partner$/);
  });

  test('changes name and colour, which every page shows', async ({ page, request, browser }) => {
    const before = (await (await request.get('/api/v1/settings')).json()) as {
      branding_name: string;
      branding_accent: string;
    };
    await page.goto('/admin/settings');
    await settled(page);
    await page.getByRole('main').getByLabel('Name', { exact: true }).fill('Kestrel Freight');
    await page.getByLabel('Accent colour', { exact: true }).fill('#00a36c');
    await expect(page.getByText('so that it can be read')).toBeVisible();

    await page.getByRole('button', { name: 'Save changes' }).click();
    await expect(page.getByText('Saved.')).toBeVisible();
    await page.goto('/referrals/links');
    await settled(page);

    await expect(page).toHaveTitle(/Kestrel Freight/);
    const accent = await page.evaluate(() =>
      document.documentElement.style.getPropertyValue('--brand-light'),
    );
    expect(accent).toMatch(/^#[0-9a-f]{6}$/);
    const context = await browser.newContext(stranger);
    const guest = await context.newPage();
    for (const path of ['/auth/sign-in', '/auth/apply', '/auth/reset?token=x']) {
      await guest.goto(path);
      await expect(guest).toHaveTitle(/Kestrel Freight/);
      await expect(guest.locator('[data-brand]')).toHaveText('Kestrel Freight');
      await expect(guest.locator('html')).toHaveAttribute('style', new RegExp(accent));
    }
    await context.close();
    const restored = await request.patch('/api/v1/settings', {
      data: { branding_name: before.branding_name, branding_accent: before.branding_accent },
      headers: { 'X-CSRF-Token': await csrfToken(request) },
    });
    expect(restored.ok()).toBe(true);
  });

  test('publishes new terms, which a partner reads and accepts', async ({
    page,
    request,
    browser,
  }) => {
    const email = freshEmail('agreeing');
    await makePartner(visitor, request, email, 'Tamsin Oake');
    await page.goto('/admin/settings');
    await settled(page);
    await page.getByLabel('Text', { exact: true }).fill('1. What holds.\n\n2. Nothing else.');
    await page.getByRole('button', { name: /^Publish version/ }).click();
    await page.locator('.swal2-confirm').click();
    await expect(page.getByText(/^Version \d+ is published\.$/)).toBeVisible();

    const context = await browser.newContext(stranger);
    const partner = await context.newPage();
    await signIn(partner, email, goodPassword);
    await partner.getByRole('link', { name: 'Read them' }).click();
    await expect(partner.locator('#terms')).toContainText('2. Nothing else.');
    await partner.getByRole('button', { name: 'Accept these terms' }).click();
    await expect(partner.getByText(/^You accepted them on/)).toBeVisible();
    await partner.goto('/dashboard/');
    await settled(partner);
    await expect(partner.locator('#terms-notice')).toBeHidden();
    await context.close();
  });

  test('requires a second factor of a role, whose people set one up first', async ({
    page,
    request,
    browser,
  }) => {
    const email = freshEmail('required');
    await makePartner(visitor, request, email, 'Ansel Reed');
    const require = async (roles: string[]): Promise<void> => {
      const answer = await request.patch('/api/v1/settings', {
        data: { totp_required_roles: roles },
        headers: { 'X-CSRF-Token': await csrfToken(request) },
      });
      expect(answer.ok(), await answer.text()).toBe(true);
    };
    const context = await browser.newContext(stranger);
    const partner = await context.newPage();

    try {
      await require(['partner']);
      await signIn(partner, email, goodPassword);
      await expect(partner).toHaveURL(/\/settings\/security$/);
      await expect(partner.getByText('Set up a second factor to go on')).toBeVisible();
      await partner.goto('/referrals/links');
      await expect(partner).toHaveURL(/\/settings\/security$/);
    } finally {
      await require([]); // whatever happens: every other test of a partner would fail, too
    }
    await partner.goto('/referrals/links');
    await expect(partner).toHaveURL(/\/referrals\/links$/);
    await context.close();
    await page.close();
  });
});

test.describe('a write whose answer is lost', () => {
  test.use({ expected: [/ERR_CONNECTION_RESET/] });

  test('is sent once more under the same key', async ({ page }) => {
    const keys: (string | undefined)[] = [];
    await page.goto('/settings/');
    await settled(page);
    await page.route('**/api/v1/me', async (route) => {
      if (route.request().method() !== 'PATCH') return route.continue();
      keys.push(route.request().headers()['idempotency-key']);
      return keys.length === 1 ? route.abort('connectionreset') : route.continue();
    });

    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Saved.')).toBeVisible();

    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
  });
});

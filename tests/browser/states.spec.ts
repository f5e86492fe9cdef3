import { csrfToken, expect, pageMs, settled, signedIn, test } from './fixtures';

test.use(signedIn);

const lists = [
  { path: '/admin/users', call: '**/api/v1/users?*' },
  { path: '/admin/applications', call: '**/api/v1/applications?*' },
  { path: '/admin/audit-log', call: '**/api/v1/audit-logs?*' },
  { path: '/admin/jobs', call: '**/api/v1/jobs?*' },
  { path: '/admin/mails', call: '**/api/v1/mails?*' },
  { path: '/admin/settings', call: '**/api/v1/settings' },
  { path: '/admin/partners', call: '**/api/v1/partners?*' },
  { path: '/admin/leads', call: '**/api/v1/leads?*' },
  { path: '/admin/conversions', call: '**/api/v1/conversions?*' },
  { path: '/admin/customers', call: '**/api/v1/customers?*' },
  { path: '/admin/companies', call: '**/api/v1/accounts?*' },
  { path: '/admin/imports', call: '**/api/v1/imports?*' },
  { path: '/admin/groups', call: '**/api/v1/groups?*' },
  { path: '/admin/rules', call: '**/api/v1/commission-rules?*' },
  { path: '/finance/commissions', call: '**/api/v1/commissions?*' },
  { path: '/finance/ledger', call: '**/api/v1/ledger/accounts?*' },
  { path: '/finance/entries', call: '**/api/v1/ledger/entries?*' },
  { path: '/finance/periods', call: '**/api/v1/ledger/periods' },
  { path: '/finance/exchange-rates', call: '**/api/v1/exchange-rates?*' },
  { path: '/settings/api-keys', call: '**/api/v1/api-keys' },
  { path: '/settings/security', call: '**/api/v1/sessions' },
];

test.describe('a page whose data cannot be loaded', () => {
  test.use({ expected: [/ERR_CONNECTION_RESET/] });

  test('says so and tries again', async ({ page }) => {
    test.setTimeout(lists.length * pageMs);
    for (const { path, call } of lists) {
      await test.step(path, async () => {
        await page.route(call, (route) => route.abort('connectionreset'));
        await page.goto(path);
        const state = page.locator('#state');
        await expect(state.getByText('The server cannot be reached.')).toBeVisible();
        // Some pages ask once more when they know the programs.
        await page.waitForLoadState('networkidle');

        await page.unroute(call);
        await state.getByRole('button', { name: 'Try again' }).click();

        await settled(page);
        await expect(page.getByText('The server cannot be reached.')).toBeHidden();
      });
    }
  });
});

test.describe('a list whose filters find nothing', () => {
  test('offers to clear them', async ({ page, request }) => {
    const sent = await request.post('/api/v1/settings/test-mail', {
      data: { to: 'somebody@example.org' },
      headers: { 'X-CSRF-Token': await csrfToken(request) },
    });
    expect(sent.status(), await sent.text()).toBe(201);
    for (const [path, text] of [
      ['/admin/users?q=there-is-nobody-called-this', 'Nobody fits these filters'],
      ['/admin/audit-log?action=nothing.done', 'No entry fits these filters'],
      ['/admin/mails?to=nobody@nowhere.example', 'No mail fits these filters'],
    ] as const) {
      await test.step(path, async () => {
        await page.goto(path);
        await expect(page.getByText(text)).toBeVisible();

        await page.locator('#state').getByRole('button', { name: 'Clear filters' }).click();

        await expect(page.locator('#rows tr').first()).toBeVisible();
        expect(new URL(page.url()).search).toBe('');
      });
    }
  });
});

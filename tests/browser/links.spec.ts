import { freshCode } from './account';
import { expect, makeLink, settled, signedIn, test, visit } from './fixtures';

test.use(signedIn);

test.describe('links', () => {
  test('are created, seen and found again', async ({ page }) => {
    const code = freshCode('made');
    await page.goto('/referrals/links');
    await settled(page);

    await page.getByRole('main').getByRole('button', { name: 'New link' }).click();
    await page.getByLabel('Destination', { exact: true }).fill('https://example.com/landing');
    await page.getByLabel('Code', { exact: true }).fill(code);
    await page.locator('#link-form').getByLabel('Name', { exact: true }).fill(`Made ${code}`);
    await page.getByRole('button', { name: 'Create link' }).click();

    const row = page.getByRole('row', { name: new RegExp(code) });
    await expect(row).toBeVisible();
    await expect(row.getByText('Active')).toBeVisible();
    await page.getByLabel('Search links', { exact: true }).fill(code);
    await expect(page).toHaveURL(new RegExp(`q=${code}`));
    await expect(page.locator('#rows tr')).toHaveCount(1);
  });

  test.describe('refused by the server', () => {
    test.use({ expected: [/422|409/] });

    test('say why at the field, and a manager can allow the host', async ({ page }) => {
      const host = `${freshCode('host')}.example.net`;
      const code = freshCode('allow');
      await page.goto('/referrals/links');
      await settled(page);
      await page.keyboard.press('c');
      await page.getByLabel('Destination', { exact: true }).fill(`https://${host}/`);
      await page.getByLabel('Code', { exact: true }).fill(code);

      await page.getByRole('button', { name: 'Create link' }).click();

      await expect(page.locator('#link-destination_url-error')).toBeVisible();
      await page.getByRole('button', { name: 'Allow this host' }).click();
      await expect(page.locator('#toasts')).toContainText(`${host} is allowed now`);
      await page.getByRole('button', { name: 'Create link' }).click();
      await expect(page.getByRole('row', { name: new RegExp(code) })).toBeVisible();
    });
  });

  test('are paused after a question, and activated again', async ({ page, request }) => {
    const link = await makeLink(request, freshCode('pause'));
    await page.goto(`/referrals/links?q=${link.code}`);
    await settled(page);
    const row = page.locator(`tr[data-id="${link.id}"]`);

    await row.getByRole('button', { name: `Actions for ${link.code}` }).click();
    await row.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Pause', exact: true }).click();

    await expect(row.getByText('Paused')).toBeVisible();
    await row.getByRole('button', { name: `Actions for ${link.code}` }).click();
    await row.getByRole('button', { name: 'Activate', exact: true }).click();
    await expect(row.getByText('Active')).toBeVisible();
  });

  test('are edited', async ({ page, request }) => {
    const link = await makeLink(request, freshCode('edit'));
    await page.goto(`/referrals/link?id=${link.id}`);
    await settled(page);

    await page.getByRole('button', { name: 'Edit' }).click();
    await page
      .locator('#link-form')
      .getByLabel('Name', { exact: true })
      .fill(`Renamed ${link.code}`);
    await page.getByRole('button', { name: 'Save changes' }).click();

    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Renamed ${link.code}`);
  });

  test('have a QR code to download as SVG and PNG', async ({ page, request }) => {
    const link = await makeLink(request, freshCode('qr'));
    await page.goto(`/referrals/link?id=${link.id}`);
    await settled(page);

    await page.getByRole('button', { name: 'QR code', exact: true }).click();

    const image = page.locator('#qr-image');
    await expect(image).toBeVisible();
    await expect
      .poll(() => image.evaluate((shown: HTMLImageElement) => shown.naturalWidth))
      .toBeGreaterThan(0);
    for (const [name, type] of [
      ['Download SVG', 'image/svg+xml'],
      ['Download PNG', 'image/'],
    ] as const) {
      const address = await page.getByRole('link', { name }).getAttribute('href');
      const answer = await page.request.get(address ?? '');
      expect(answer.status()).toBe(200);
      expect(answer.headers()['content-type']).toContain(type);
    }
  });

  test('copy their address with one press', async ({ page, request, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const link = await makeLink(request, freshCode('copy'));
    await page.goto(`/referrals/links?q=${link.code}`);
    await settled(page);

    await page.getByRole('button', { name: `Copy the address of ${link.code}` }).click();

    await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link.short_url);
  });

  test('keep their filters in the address', async ({ page }) => {
    await page.goto('/referrals/links');
    await settled(page);

    await page.getByLabel('Status').selectOption('paused');
    await expect(page).toHaveURL(/status=paused/);
    await page.getByLabel('Sort by').selectOption('-clicks');
    await expect(page).toHaveURL(/sort=-clicks/);
    await page.reload();

    await settled(page);
    await expect(page.getByLabel('Status')).toHaveValue('paused');
    await page.goBack();
    await expect(page).not.toHaveURL(/sort=/);
    await page.getByRole('button', { name: 'Remove filter: Paused' }).click();
    await expect(page).not.toHaveURL(/status=/);
  });

  test('say when a filter finds nothing', async ({ page }) => {
    await page.goto('/referrals/links?q=there-is-no-such-link-at-all');

    await expect(page.getByText('No link fits these filters')).toBeVisible();
    await page.getByRole('button', { name: 'Show all links' }).click();
    await expect(page).toHaveURL(/\/referrals\/links$/);
  });

  test('show their first click live on their own page', async ({
    page,
    request,
    playwright,
    baseURL,
  }) => {
    const link = await makeLink(request, freshCode('own'));
    await page.goto(`/referrals/link?id=${link.id}`);
    await settled(page);
    await expect(page.getByText('No clicks yet')).toBeVisible();

    const visitor = await playwright.request.newContext(baseURL ? { baseURL } : {});
    expect(await visit(visitor, link.code)).toBe(302);
    await visitor.dispose();

    await expect(page.locator('#recent li')).toHaveCount(1);
    await expect(page.locator('[data-metric="clicks"] .kpi-value')).toHaveText('1');
  });
});

test.describe('a link that is not there', () => {
  test.use({ expected: [/404/] });

  test('is said to be missing', async ({ page }) => {
    await page.goto('/referrals/link?id=lnk_000000000000000000000');

    await expect(page.getByText('There is no such link')).toBeVisible();
  });
});

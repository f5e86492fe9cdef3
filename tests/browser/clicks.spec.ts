import { freshCode } from './account';
import { expect, makeLink, settled, signedIn, test, visit } from './fixtures';

test.use(signedIn);

const numberOf = (text: string | null): number => Number((text ?? '').replace(/\D/g, ''));

test.describe('clicks', () => {
  test('appear live on the overview', async ({ page, request, playwright, baseURL }) => {
    const link = await makeLink(request, freshCode('live'));
    const visitor = await playwright.request.newContext(baseURL ? { baseURL } : {});
    // At least one click exists, so that the overview shows numbers and not the checklist.
    expect(await visit(visitor, link.code)).toBe(302);
    await expect
      .poll(async () => {
        const answer = await request.get(`/api/v1/links/${link.id}`);
        return ((await answer.json()) as { clicks: number }).clicks;
      })
      .toBe(1);
    await page.goto('/dashboard/');
    await settled(page);
    const clicks = page.locator('[data-metric="clicks"] .kpi-value');
    const before = numberOf(await clicks.textContent());

    const another = await playwright.request.newContext(baseURL ? { baseURL } : {});
    expect(await visit(another, link.code)).toBe(302);

    await expect.poll(async () => numberOf(await clicks.textContent())).toBeGreaterThan(before);
    await expect(page.locator('#live-text')).toContainText('today');
    await another.dispose();
    await visitor.dispose();
  });

  test('are announced above the list without moving it', async ({
    page,
    request,
    playwright,
    baseURL,
  }) => {
    const link = await makeLink(request, freshCode('bar'));
    await page.goto(`/referrals/clicks?link_id=${link.id}`);
    await expect(page.getByText('No click fits these filters')).toBeVisible();
    await expect(page.locator('#live-text')).toContainText('today');

    const visitor = await playwright.request.newContext(baseURL ? { baseURL } : {});
    expect(await visit(visitor, link.code)).toBe(302);
    await visitor.dispose();

    await page.getByRole('button', { name: 'Show 1 new click' }).click();
    await expect(page.locator('#rows tr')).toHaveCount(1);
    await page.getByRole('button', { name: `Details of the click on ${link.code}` }).click();
    await expect(page.getByRole('dialog')).toContainText(`Click on /${link.code}`);
  });

  test('keep their filters in the address', async ({ page }) => {
    await page.goto('/referrals/clicks');
    await settled(page);

    await page.getByLabel('Class').selectOption('human');
    await expect(page).toHaveURL(/class=human/);
    await page.getByLabel('Device', { exact: true }).selectOption('mobile');
    await expect(page).toHaveURL(/device_type=mobile/);
    await page.reload();

    await expect(page.getByLabel('Class')).toHaveValue('human');
    await page.getByRole('button', { name: 'Clear filters' }).first().click();
    await expect(page).toHaveURL(/\/referrals\/clicks$/);
  });

  test('and all lists with days take what is none for no filter', async ({ page }) => {
    for (const path of [
      '/referrals/clicks',
      '/dashboard/',
      '/dashboard/earnings',
      '/admin/conversions',
      '/admin/audit-log',
      '/finance/commissions',
      '/finance/entries',
    ]) {
      for (const days of ['from=yesterday&to=2026-02-30', 'from=0000-00-00&to=99999-12-31']) {
        await test.step(`${path}?${days}`, async () => {
          await page.goto(`${path}?${days}`);
          await settled(page);

          await expect(page.getByRole('button', { name: 'Try again' })).toBeHidden();
          await expect(page.getByRole('button', { name: /^Remove filter/ })).toHaveCount(0);
        });
      }
    }
  });
});

test.describe('the overview', () => {
  test('keeps period and comparison in the address', async ({ page }) => {
    await page.goto('/dashboard/');
    await settled(page);

    await page.getByText('7d', { exact: true }).click();
    await expect(page).toHaveURL(/period=7d/);
    await page.getByLabel('Compare with').selectOption('none');
    await expect(page).toHaveURL(/compare=none/);
    await page.goBack();

    await expect(page).not.toHaveURL(/compare=none/);
    await expect(page.getByRole('radio', { name: '7d' })).toBeChecked();
  });

  test('shows the same numbers as a table, and leads to the clicks', async ({ page }) => {
    await page.goto('/dashboard/?period=7d');
    await settled(page);
    const total = numberOf(await page.locator('[data-metric="clicks"] .kpi-value').textContent());

    await page.getByRole('button', { name: 'Table' }).click();

    const cells = await page.locator('#series-table tbody td:nth-child(2)').allTextContents();
    expect(cells.length).toBe(7);
    expect(cells.reduce((sum, text) => sum + numberOf(text), 0)).toBe(total);
    await page.locator('#series-table tbody a').first().click();
    await expect(page).toHaveURL(/\/referrals\/clicks\?from=.*to=/);
  });

  test('leads from a country to its clicks', async ({ page }) => {
    await page.goto('/dashboard/?period=90d');
    await settled(page);

    await page.locator('[data-breakdown="countries"] a.bar-row').first().click();

    await expect(page).toHaveURL(/\/referrals\/clicks\?.*country=/);
    await expect(page.locator('#rows tr').first()).toBeVisible();
  });
});

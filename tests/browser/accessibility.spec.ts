import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { freshCode } from './account';
import { everyPage, everyPlainPage, expect, makeLink, settled, signedIn, test } from './fixtures';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

async function violations(page: Page): Promise<string[]> {
  const found = await new AxeBuilder({ page }).withTags(rules).analyze();
  return found.violations.map(
    (violation) =>
      `${violation.id}: ${violation.nodes.map((node) => node.target.join(' ')).join(', ')}`,
  );
}

const sideways = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

const looks = [
  { name: 'light', use: { colorScheme: 'light', viewport: { width: 1440, height: 900 } } },
  { name: 'dark', use: { colorScheme: 'dark', viewport: { width: 1440, height: 900 } } },
  {
    name: '390 px',
    use: { colorScheme: 'light', viewport: { width: 390, height: 844 }, hasTouch: true },
  },
] as const;

for (const look of looks) {
  test.describe(`in ${look.name}`, () => {
    test.use({ ...look.use, expected: [/404/] });

    for (const path of [...everyPlainPage, '/r/there-is-no-such-code-here', '/no/such/page']) {
      test(`${path} has no accessibility fault and fits`, async ({ page }) => {
        await page.goto(path);
        await page.waitForLoadState('load');

        expect(await violations(page)).toEqual([]);
        expect(await sideways(page)).toBe(0);
      });
    }

    test.describe('signed in', () => {
      test.use(signedIn);

      for (const path of everyPage) {
        test(`${path} has no accessibility fault and fits`, async ({ page }) => {
          await page.goto(path);
          await settled(page);
          if (path === '/docs') await expect(page.locator('.opblock').first()).toBeVisible();

          expect(await violations(page)).toEqual([]);
          expect(await sideways(page)).toBe(0);
        });
      }

      test('the dialogs of people and keys have no accessibility fault', async ({ page }) => {
        await page.goto('/admin/users');
        await settled(page);
        await page.getByRole('button', { name: 'Invite' }).click();
        expect(await violations(page)).toEqual([]);

        await page.goto('/settings/api-keys');
        await settled(page);
        await page.getByRole('button', { name: 'New key' }).click();
        expect(await violations(page)).toEqual([]);

        await page.goto('/settings/security');
        await settled(page);
        await page.getByRole('button', { name: 'Set up', exact: true }).click();
        expect(await violations(page)).toEqual([]);

        await page.goto('/admin/audit-log');
        await settled(page);
        await page
          .getByRole('button', { name: /^Details of/ })
          .first()
          .click();
        expect(await violations(page)).toEqual([]);
        expect(await sideways(page)).toBe(0);
      });

      for (const [path, opener] of [
        ['/admin/partners', 'New partner'],
        ['/admin/conversions', 'New conversion'],
        ['/admin/groups', 'New group'],
        ['/admin/imports', 'Import a file'],
        ['/finance/periods', 'Close a month'],
        ['/finance/exchange-rates', 'New rate'],
        ['/referrals/leads', 'Register a deal'],
      ] as const) {
        test(`the dialog of ${path} has no accessibility fault and fits`, async ({ page }) => {
          await page.goto(path);
          await settled(page);
          await page.getByRole('main').getByRole('button', { name: opener }).first().click();
          await expect(page.locator('dialog[open]')).toBeVisible();

          expect(await violations(page)).toEqual([]);
          expect(await sideways(page)).toBe(0);
        });
      }

      test('a link and its dialogs have no accessibility fault and fit', async ({
        page,
        request,
      }) => {
        const link = await makeLink(request, freshCode('axe'));
        await page.goto(`/referrals/link?id=${link.id}`);
        await settled(page);
        expect(await violations(page)).toEqual([]);
        expect(await sideways(page)).toBe(0);

        await page.getByRole('button', { name: 'Edit' }).click();
        for (const summary of ['Limits and password', 'UTM parameters', 'Other destinations']) {
          await page.locator('summary', { hasText: summary }).click();
        }
        await page.getByRole('button', { name: 'Add a destination' }).click();
        await expect(page.locator('.ts-control')).toBeVisible();
        expect(await violations(page)).toEqual([]);

        await page.getByRole('button', { name: 'Cancel' }).first().click();
        await page.getByRole('button', { name: 'QR code', exact: true }).click();
        expect(await violations(page)).toEqual([]);
        await page.keyboard.press('Escape');
        await page.keyboard.press('Control+k');
        expect(await violations(page)).toEqual([]);
      });
    });
  });
}

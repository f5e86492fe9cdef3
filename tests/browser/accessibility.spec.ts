import type { Page } from '@playwright/test';
import { freshCode } from './account';
import { violations } from './axe';
import { expect, makeLink, pageMs, pagesOf, plainPages, settled, signedIn, test } from './fixtures';

const looks = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1440, height: 900 } },
  { name: '390 px', colorScheme: 'light', viewport: { width: 390, height: 844 } },
] as const;

/** What is wrong with the page as it is now, in the light, in the dark and on a telephone. */
async function faults(page: Page): Promise<string[]> {
  const all: string[] = [];
  for (const look of looks) {
    await page.emulateMedia({ colorScheme: look.colorScheme });
    await page.setViewportSize(look.viewport);
    await expect(page.locator('html')).toHaveAttribute('data-bs-theme', look.colorScheme);
    for (const violation of await violations(page)) all.push(`${look.name}: ${violation}`);
    const wider = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (wider > 0) all.push(`${look.name}: ${wider} px wider than the window`);
  }
  await page.setViewportSize(looks[0].viewport);
  return all;
}

test.use({ expected: [/404/] });

test('the pages of strangers have no accessibility fault and fit', async ({ page }) => {
  const paths = [...plainPages, '/r/there-is-no-such-code-here', '/no/such/page'];
  test.setTimeout(paths.length * pageMs);
  for (const path of paths) {
    await test.step(path, async () => {
      await page.goto(path);
      await page.waitForLoadState('load');

      expect.soft(await faults(page), path).toEqual([]);
    });
  }
});

test.describe('signed in', () => {
  test.use(signedIn);

  for (const [whose, paths] of Object.entries(pagesOf)) {
    test(`the pages of ${whose} have no accessibility fault and fit`, async ({ page }) => {
      test.setTimeout(paths.length * pageMs);
      for (const path of paths) {
        await test.step(path, async () => {
          await page.goto(path);
          await settled(page);
          if (path === '/docs') await expect(page.locator('.opblock').first()).toBeVisible();

          expect.soft(await faults(page), path).toEqual([]);
        });
      }
    });
  }

  test('the dialogs of people and keys have no accessibility fault', async ({ page }) => {
    test.setTimeout(4 * pageMs);
    await page.goto('/admin/users');
    await settled(page);
    await page.getByRole('button', { name: 'Invite' }).click();
    expect(await faults(page)).toEqual([]);

    await page.goto('/settings/api-keys');
    await settled(page);
    await page.getByRole('button', { name: 'New key' }).click();
    expect(await faults(page)).toEqual([]);

    await page.goto('/settings/security');
    await settled(page);
    await page.getByRole('button', { name: 'Set up', exact: true }).click();
    expect(await faults(page)).toEqual([]);

    await page.goto('/admin/audit-log');
    await settled(page);
    await page
      .getByRole('button', { name: /^Details of/ })
      .first()
      .click();
    expect(await faults(page)).toEqual([]);
  });

  test('the dialogs of the sale have no accessibility fault and fit', async ({ page }) => {
    test.setTimeout(7 * pageMs);
    for (const [path, opener] of [
      ['/admin/partners', 'New partner'],
      ['/admin/conversions', 'New conversion'],
      ['/admin/groups', 'New group'],
      ['/admin/imports', 'Import a file'],
      ['/finance/periods', 'Close a month'],
      ['/finance/exchange-rates', 'New rate'],
      ['/referrals/leads', 'Register a deal'],
    ] as const) {
      await test.step(path, async () => {
        await page.goto(path);
        await settled(page);
        await page.getByRole('main').getByRole('button', { name: opener }).first().click();
        await expect(page.locator('dialog[open]')).toBeVisible();

        expect.soft(await faults(page), path).toEqual([]);
      });
    }
  });

  test('a link and its dialogs have no accessibility fault and fit', async ({ page, request }) => {
    test.setTimeout(4 * pageMs);
    const link = await makeLink(request, freshCode('axe'));
    await page.goto(`/referrals/link?id=${link.id}`);
    await settled(page);
    expect(await faults(page)).toEqual([]);

    await page.getByRole('button', { name: 'Edit' }).click();
    for (const summary of ['Limits and password', 'UTM parameters', 'Other destinations']) {
      await page.locator('summary', { hasText: summary }).click();
    }
    await page.getByRole('button', { name: 'Add a destination' }).click();
    await expect(page.locator('.ts-control')).toBeVisible();
    expect(await faults(page)).toEqual([]);

    await page.getByRole('button', { name: 'Cancel' }).first().click();
    await page.getByRole('button', { name: 'QR code', exact: true }).click();
    expect(await faults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    expect(await faults(page)).toEqual([]);
  });
});

import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { freshCode } from './account';
import { everyPage, everyPlainPage, expect, makeLink, settled, signedIn, test } from './fixtures';

const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

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
    // "Legacy": it opens no page of its own to put the results of frames together; there are none.
    const found = await new AxeBuilder({ page }).setLegacyMode().withTags(wcag).analyze();
    for (const { id, nodes } of found.violations)
      all.push(`${look.name}: ${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
    const wider = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (wider > 0) all.push(`${look.name}: ${wider} px wider than the window`);
  }
  await page.setViewportSize(looks[0].viewport);
  return all;
}

test.use({ expected: [/404/] });

for (const path of [...everyPlainPage, '/r/there-is-no-such-code-here', '/no/such/page']) {
  test(`${path} has no accessibility fault and fits`, async ({ page }) => {
    await page.goto(path);
    await page.waitForLoadState('load');

    expect(await faults(page)).toEqual([]);
  });
}

test.describe('signed in', () => {
  test.use(signedIn);

  for (const path of everyPage) {
    test(`${path} has no accessibility fault and fits`, async ({ page }) => {
      await page.goto(path);
      await settled(page);
      if (path === '/docs') await expect(page.locator('.opblock').first()).toBeVisible();

      expect(await faults(page)).toEqual([]);
    });
  }

  test('the dialogs of people and keys have no accessibility fault', async ({ page }) => {
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

      expect(await faults(page)).toEqual([]);
    });
  }

  test('a link and its dialogs have no accessibility fault and fit', async ({ page, request }) => {
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

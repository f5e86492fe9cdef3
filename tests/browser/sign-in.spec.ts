import { account } from './account';
import { expect, settled, test } from './fixtures';

test.describe('signing in', () => {
  test.describe('with a wrong password', () => {
    test.use({ expected: [/401/] });

    test('says so and stays', async ({ page }) => {
      await page.goto('/auth/sign-in');
      await page.getByLabel('E-mail').fill(account().email);
      await page.getByLabel('Password', { exact: true }).fill('certainly not this one');

      await page.getByRole('button', { name: 'Sign in' }).click();

      await expect(page.getByRole('alert')).toBeVisible();
      await expect(page.getByRole('alert')).not.toBeEmpty();
      expect(new URL(page.url()).pathname).toBe('/auth/sign-in');
    });
  });

  test.describe('with many wrong passwords', () => {
    test.use({ expected: [/401|429/] });

    test('is told how long to wait', async ({ page }) => {
      await page.goto('/auth/sign-in');
      await page.getByLabel('E-mail').fill(`nobody-${Date.now()}@example.org`);

      await expect(async () => {
        await page.getByLabel('Password', { exact: true }).fill('certainly not this one');
        await page.getByRole('button', { name: 'Sign in' }).click();
        await expect(page.getByRole('alert')).toContainText(/try again in \d+/, { timeout: 500 });
      }).toPass();
    });
  });

  test.describe('from a page that needs it', () => {
    test.use({ expected: [/401/] });

    test('leads back to that page', async ({ page }) => {
      await page.goto('/referrals/links?status=active');
      await expect(page).toHaveURL(/\/auth\/sign-in\?next=/);
      await page.getByLabel('E-mail').fill(account().email);
      await page.getByLabel('Password', { exact: true }).fill(account().password);

      await page.getByRole('button', { name: 'Sign in' }).click();

      await expect(page).toHaveURL(/\/referrals\/links\?status=active$/);
      await settled(page);
      await expect(page.getByLabel('Status')).toHaveValue('active');
    });
  });

  test('never leads to another site', async ({ page }) => {
    await page.goto('/auth/sign-in?next=//example.com/');
    await page.getByLabel('E-mail').fill(account().email);
    await page.getByLabel('Password', { exact: true }).fill(account().password);

    await page.getByRole('button', { name: 'Sign in' }).click();

    await expect(page).toHaveURL(/\/dashboard\/$/);
  });

  test('says which field is missing', async ({ page }) => {
    await page.goto('/auth/sign-in');

    await page.getByRole('button', { name: 'Sign in' }).click();

    await expect(page.locator('#email-error')).toBeVisible();
    await expect(page.getByLabel('E-mail')).toBeFocused();
  });

  test('can show the password', async ({ page }) => {
    await page.goto('/auth/sign-in');
    const password = page.getByLabel('Password', { exact: true });
    await password.fill('secret');

    await page.getByRole('button', { name: 'Show' }).click();

    await expect(password).toHaveAttribute('type', 'text');
  });

  test('loads no chart code and little script', async ({ page }) => {
    const scripts: { path: string; bytes: number }[] = [];
    page.on('response', async (response) => {
      const { pathname } = new URL(response.url());
      if (pathname.endsWith('.js')) {
        scripts.push({ path: pathname, bytes: (await response.body()).length });
      }
    });

    await page.goto('/auth/sign-in', { waitUntil: 'networkidle' });

    const heavy = /chart|map|shell|confirm|tom-select|docs/;
    expect(scripts.filter((script) => heavy.test(script.path))).toEqual([]);
    expect(scripts.reduce((sum, script) => sum + script.bytes, 0)).toBeLessThan(20_000);
  });

  for (const path of ['/auth/apply', '/auth/reset?token=x', '/auth/invite?token=x']) {
    test.describe(`${path}`, () => {
      test.use({ expected: [/422/] });

      test('loads nothing of the signed-in pages either', async ({ page }) => {
        const scripts: string[] = [];
        page.on('response', (response) => {
          const { pathname } = new URL(response.url());
          if (pathname.endsWith('.js')) scripts.push(pathname);
        });

        await page.goto(path, { waitUntil: 'networkidle' });

        expect(scripts.filter((script) => /chart|map|shell|tom-select|docs/.test(script))).toEqual(
          [],
        );
      });
    });
  }
});

test('signing out ends the session', async ({ page }) => {
  await page.goto('/auth/sign-in');
  await page.getByLabel('E-mail').fill(account().email);
  await page.getByLabel('Password', { exact: true }).fill(account().password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await settled(page);

  await page.getByRole('button', { name: 'Account menu' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();

  await expect(page).toHaveURL(/\/auth\/sign-in$/);
  const me = await page.request.get('/api/v1/me');
  expect(me.status()).toBe(401);
});

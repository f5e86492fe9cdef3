import { expect, settled, stranger, test } from './fixtures';
import { sessionFile } from './account';
import { freshEmail, goodPassword, mailedPath, makePartner, signIn, totpCode } from './people';
import type { APIRequestContext, Page } from '@playwright/test';

const otherPassword = 'nine copper kettles sing at dusk';

/** A new partner, signed in on `page`. */
async function newPartner(
  page: Page,
  admin: APIRequestContext,
  visitor: APIRequestContext,
  purpose: string,
): Promise<string> {
  const email = freshEmail(purpose);
  await makePartner(visitor, admin, email, 'Tess Marlow');
  await signIn(page, email, goodPassword);
  await expect(page).toHaveURL(/\/dashboard\/$/);
  return email;
}

test.describe('somebody signed in', () => {
  let admin: APIRequestContext;
  let visitor: APIRequestContext;

  test.beforeEach(async ({ playwright, baseURL }) => {
    const base = baseURL ? { baseURL } : {};
    admin = await playwright.request.newContext({ ...base, storageState: sessionFile });
    visitor = await playwright.request.newContext({ ...base, ...stranger });
  });

  test.afterEach(async () => {
    await admin.dispose();
    await visitor.dispose();
  });

  test('changes the name', async ({ page }) => {
    await newPartner(page, admin, visitor, 'name');
    await page.goto('/settings/');
    await settled(page);

    await page.getByRole('main').getByLabel('Name', { exact: true }).fill('Tess Marlow-Hart');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Saved.')).toBeVisible();
    await page.reload();

    await expect(page.locator('.account-name')).toHaveText('Tess Marlow-Hart');
  });

  test('changes the password, which ends the other sessions', async ({ page, browser }) => {
    const email = await newPartner(page, admin, visitor, 'password');
    const elsewhere = await browser.newContext(stranger);
    const other = await elsewhere.newPage();
    await signIn(other, email, goodPassword);
    await expect(other).toHaveURL(/\/dashboard\/$/);
    await page.goto('/settings/security');
    await settled(page);
    await expect(page.locator('#sessions > li')).toHaveCount(2);

    await page.getByLabel('Current password').fill(goodPassword);
    await page.getByLabel('New password', { exact: true }).fill(otherPassword);
    await page.getByRole('button', { name: 'Change the password' }).click();

    await expect(page.getByText('Changed. Your other sessions have ended.')).toBeVisible();
    await expect(page.locator('#sessions > li')).toHaveCount(1);
    await other.goto('/referrals/links');
    await expect(other).toHaveURL(/\/auth\/sign-in\?next=/);
    await elsewhere.close();
  });

  test('ends a session of another browser', async ({ page, browser }) => {
    const email = await newPartner(page, admin, visitor, 'session');
    const elsewhere = await browser.newContext(stranger);
    const other = await elsewhere.newPage();
    await signIn(other, email, goodPassword);
    await expect(other).toHaveURL(/\/dashboard\//);
    await page.goto('/settings/security');
    await settled(page);

    await page
      .locator('#sessions')
      .getByRole('button', { name: /Sign out/ })
      .first()
      .click();

    await expect(page.locator('#sessions > li')).toHaveCount(1);
    await elsewhere.close();
  });

  test.describe('with wrong codes', () => {
    test.use({ expected: [/422|401|429/] });

    test('learns at the field what is wrong, and turns the second factor off', async ({ page }) => {
      await newPartner(page, admin, visitor, 'totp');
      await page.goto('/settings/security');
      await settled(page);
      await page.getByRole('button', { name: 'Set up', exact: true }).click();
      const dialog = page.locator('#totp-dialog');
      await dialog.getByLabel('Password', { exact: true }).fill('not the password at all');
      await dialog.getByRole('button', { name: 'Continue' }).click();
      await expect(page.locator('#totp-password-error')).toHaveText('Is not right');
      await dialog.getByLabel('Password', { exact: true }).fill(goodPassword);
      await dialog.getByRole('button', { name: 'Continue' }).click();
      await expect(page.locator('#totp-qr')).toBeVisible();
      const secret = (await page.locator('#totp-secret').textContent()) ?? '';
      await dialog.getByLabel('Code').fill('000000');
      await dialog.getByRole('button', { name: 'Turn on' }).click();
      await expect(page.locator('#totp-totp-error')).toHaveText('Is not right');
      await dialog.getByLabel('Code').fill(totpCode(secret));
      await dialog.getByRole('button', { name: 'Turn on' }).click();
      await expect(page.locator('#codes code')).toHaveCount(10);
      const code = await page.locator('#codes code').first().textContent();
      await page.getByRole('button', { name: 'I have kept them' }).click();

      await page.getByRole('button', { name: 'Turn off' }).click();
      await dialog.getByLabel('Password', { exact: true }).fill(goodPassword);
      await dialog.getByLabel('Code').fill(code ?? '');
      await dialog.getByRole('button', { name: 'Turn off' }).click();

      await expect(page.locator('#totp-state')).toHaveText('Off');
    });
  });

  test('moves to another address, confirmed from a mail to it', async ({ page }) => {
    await newPartner(page, admin, visitor, 'before');
    const wanted = freshEmail('after');
    await page.goto('/settings/security');
    await settled(page);
    await page.getByLabel('New address').fill(wanted);
    await page.locator('#email-card').getByLabel('Password', { exact: true }).fill(goodPassword);
    await page.getByRole('button', { name: 'Send the confirmation' }).click();
    await expect(page.getByText(`A mail is on its way to ${wanted}`)).toBeVisible();

    await page.goto(await mailedPath(admin, wanted, 'email-change'));
    await page.getByRole('button', { name: 'Use this address' }).click();
    await expect(page.getByText('The new address is in use')).toBeVisible();

    await page.context().clearCookies();
    await signIn(page, wanted, goodPassword);
    await expect(page).toHaveURL(/\/dashboard\/$/);
  });

  test('chooses a new password by a mailed link, which works once', async ({ page }) => {
    const email = freshEmail('forgot');
    await makePartner(visitor, admin, email, 'Tess Marlow');
    await page.goto('/auth/sign-in');
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await page.getByLabel('E-mail').fill(email);
    await page.getByRole('button', { name: 'Send the link' }).click();
    await expect(page.getByText('Look into your mailbox')).toBeVisible();
    const path = await mailedPath(admin, email, 'reset-password');

    await page.goto(path);
    await expect(page).toHaveURL(/\/auth\/reset$/);
    await page.getByLabel('New password', { exact: true }).fill(otherPassword);
    await page.getByRole('button', { name: 'Save the password' }).click();
    await expect(page.getByText('Your password is saved')).toBeVisible();

    await signIn(page, email, otherPassword);
    await expect(page).toHaveURL(/\/dashboard\/$/);
  });
});

test.describe('a mailed link that cannot be used', () => {
  test.use({ expected: [/422/] });

  for (const [path, button] of [
    ['/auth/verify', 'Confirm my address'],
    ['/auth/confirm-email', 'Use this address'],
    ['/auth/unlock', 'Let this device try again'],
  ] as const) {
    test(`is said so at ${path}, and its token leaves the address`, async ({ page }) => {
      await page.goto(`${path}?token=there-is-no-such-token`);
      await expect(page).toHaveURL(new RegExp(`${path}$`));

      await page.getByRole('button', { name: button }).click();

      await expect(page.getByText('This link cannot be used')).toBeVisible();
    });
  }

  test('is said so for an invitation and for one cut off', async ({ page }) => {
    await page.goto('/auth/invite?token=there-is-no-such-token');
    await expect(page.getByText('This link cannot be used')).toBeVisible();

    await page.goto('/auth/reset');
    await expect(page.getByText('It is not complete.')).toBeVisible();
  });
});

test('the pages of mailed links say nobody where they are', async ({ page }) => {
  const referrers: string[] = [];
  page.on('request', (request) => referrers.push(request.headers()['referer'] ?? ''));

  await page.goto('/auth/verify?token=a-secret-that-must-not-leave', { waitUntil: 'networkidle' });

  expect(referrers.length).toBeGreaterThan(3);
  expect(referrers.filter((referrer) => referrer.includes('/auth/'))).toEqual([]);
});

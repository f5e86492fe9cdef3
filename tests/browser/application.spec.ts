import { expect, settled, signedIn, stranger, test } from './fixtures';
import { freshEmail, goodPassword, mailedPath, signIn, totpCode } from './people';
import { sessionFile } from './account';

test.describe('somebody new', () => {
  // The code is asked for by a refusal.
  test.use({ expected: [/401/] });
  test.describe.configure({ timeout: 180_000 });

  test('applies, is approved, signs in, sets up a second factor, makes and revokes a key', async ({
    page,
    browser,
    playwright,
    baseURL,
  }) => {
    const email = freshEmail('applicant');
    const admin = await playwright.request.newContext({
      ...(baseURL ? { baseURL } : {}),
      storageState: sessionFile,
    });

    // The application, step by step.
    await page.goto('/apply');
    await page.getByLabel('Your name').fill('Nora Kestrel');
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(goodPassword);
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect(page).toHaveURL(/step=audience/);
    await page.getByLabel('Web site or profile').fill('https://kestrel-hauling.example.org');
    await page.getByLabel('Whom do you reach, and how?').fill('A newsletter for owner-operators');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('A company', { exact: true }).click();
    await page.getByLabel('Company', { exact: true }).fill('Kestrel Hauling LLC');
    await page.getByLabel('Country').selectOption('US');
    await page.getByLabel('MC number').fill('MC 123456');
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect(page.locator('#terms')).not.toBeEmpty();
    await page.getByLabel('I accept these terms').check();
    await page.getByRole('button', { name: 'Send the application' }).click();
    await expect(page).toHaveURL(/\/auth\/apply\/sent$/);

    // The address, confirmed by the button of the mailed page.
    await page.goto(await mailedPath(admin, email, 'verify-email'));
    await expect(page).toHaveURL(/\/auth\/verify$/);
    await page.getByRole('button', { name: 'Confirm my address' }).click();
    await expect(page.getByText('Your address is confirmed')).toBeVisible();

    // The decision, by an administrator.
    const office = await browser.newContext(signedIn);
    const desk = await office.newPage();
    await desk.goto('/admin/applications');
    await desk
      .getByRole('link', { name: /Kestrel Hauling LLC/ })
      .first()
      .click();
    await expect(desk.locator('#detail-facts')).toContainText(email);
    await expect(desk.locator('#detail-facts')).toContainText('123456');
    await desk.getByRole('button', { name: 'Approve' }).click();
    await desk.locator('.swal2-confirm').click();
    await expect(desk.getByText('Nora Kestrel is a partner now.')).toBeVisible();
    await office.close();

    // Signing in, and a second factor.
    await signIn(page, email, goodPassword);
    await expect(page).toHaveURL(/\/dashboard\/$/);
    await page.goto('/settings/security');
    await settled(page);
    await page.getByRole('button', { name: 'Set up', exact: true }).click();
    const dialog = page.locator('#totp-dialog');
    await dialog.getByLabel('Password', { exact: true }).fill(goodPassword);
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await expect(page.locator('#totp-qr')).toBeVisible();
    await expect
      .poll(() =>
        page.locator('#totp-qr').evaluate((image: HTMLImageElement) => image.naturalWidth),
      )
      .toBeGreaterThan(0);
    const secret = (await page.locator('#totp-secret').textContent()) ?? '';
    await dialog.getByLabel('Code').fill(totpCode(secret));
    await dialog.getByRole('button', { name: 'Turn on' }).click();
    await expect(page.locator('#codes code')).toHaveCount(10);
    await page.getByRole('button', { name: 'I have kept them' }).click();
    await expect(page.locator('#totp-state')).toHaveText('On');

    // Signing in again takes both.
    await page.getByRole('button', { name: 'Account menu' }).click();
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await expect(page).toHaveURL(/\/auth\/sign-in$/);
    await signIn(page, email, goodPassword);
    await page.getByLabel('Code').fill(totpCode(secret, 1));
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect(page).toHaveURL(/\/dashboard\/$/);

    // A key, that works until it is revoked.
    await page.goto('/settings/api-keys');
    await page.getByRole('button', { name: 'New key' }).click();
    await page.locator('#key-dialog').getByLabel('Name').fill('Nightly report');
    await page.getByRole('button', { name: 'Create key', exact: true }).click();
    await expect(page.locator('#secret-value')).not.toBeEmpty();
    const key = (await page.locator('#secret-value').textContent()) ?? '';
    await page.getByRole('button', { name: 'I have copied it' }).click();
    const program = await playwright.request.newContext({
      ...(baseURL ? { baseURL } : {}),
      ...stranger,
      extraHTTPHeaders: { Authorization: `Bearer ${key}` },
    });
    expect((await program.get('/api/v1/links')).status()).toBe(200);
    await page.getByRole('button', { name: 'Actions for Nightly report' }).click();
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.locator('.swal2-confirm').click();
    await expect(page.getByText('“Nightly report” is revoked.')).toBeVisible();
    expect((await program.get('/api/v1/links')).status()).toBe(401);
    await program.dispose();
    await admin.dispose();
  });
});

test.describe('the application page', () => {
  test('keeps what was typed, but not the password', async ({ page }) => {
    await page.goto('/auth/apply');
    await page.getByLabel('Your name').fill('Nora Kestrel');
    await page.getByLabel('E-mail').fill('nora@example.org');
    await page.getByLabel('Password', { exact: true }).fill(goodPassword);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('Whom do you reach, and how?').fill('Shippers');

    await page.reload();

    await expect(page.getByText('We kept what you had typed.')).toBeVisible();
    await expect(page.getByLabel('Your name')).toHaveValue('Nora Kestrel');
    await expect(page.getByLabel('Password', { exact: true })).toHaveValue('');
    const kept = await page.evaluate(() => JSON.stringify({ ...sessionStorage }));
    expect(kept).toContain('Shippers');
    expect(kept).not.toContain(goodPassword);
  });

  test('does not go on while a step is not complete', async ({ page }) => {
    await page.goto('/auth/apply?step=terms');

    await expect(page).toHaveURL(/\/auth\/apply$/);
    await page.getByRole('button', { name: 'Continue' }).click();

    await expect(page.locator('#apply-name-error')).toBeVisible();
    await expect(page.getByLabel('Your name')).toBeFocused();
  });

  test('goes back a step by the browser', async ({ page }) => {
    await page.goto('/auth/apply');
    await page.getByLabel('Your name').fill('Nora Kestrel');
    await page.getByLabel('E-mail').fill('nora@example.org');
    await page.getByLabel('Password', { exact: true }).fill(goodPassword);
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect(page.getByLabel('Web site or profile')).toBeVisible();

    await page.goBack();

    await expect(page.getByLabel('Your name')).toBeVisible();
    await expect(page.getByLabel('Password', { exact: true })).toHaveValue(goodPassword);
  });

  test('says how good the password is', async ({ page }) => {
    await page.goto('/auth/apply');
    const password = page.getByLabel('Password', { exact: true });

    await password.fill('short');
    await expect(page.getByText('Too short: 10 more characters')).toBeVisible();
    await password.fill('aaaaaaaaaaaaaaaa');
    await expect(page.getByText('Easy to guess')).toBeVisible();
    await password.fill(goodPassword);
    await expect(page.getByText('Strong')).toBeVisible();
  });
});

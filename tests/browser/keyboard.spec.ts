import { freshCode } from './account';
import { expect, makeLink, settled, signedIn, test } from './fixtures';

test.use(signedIn);

test.describe('the keyboard', () => {
  test('opens the palette, finds a link and goes there', async ({ page, request }) => {
    const link = await makeLink(request, freshCode('find'));
    await page.goto('/dashboard/');
    await settled(page);

    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search links and pages' }).fill(link.code);
    await expect(page.getByRole('option', { name: new RegExp(link.code) })).toBeVisible();
    await page.keyboard.press('Enter');

    await expect(page).toHaveURL(new RegExp(`/referrals/link\\?id=${link.id}`));
  });

  test('creates with c, searches with /, lists the keys with ?', async ({ page }) => {
    await page.goto('/referrals/links');
    await settled(page);

    await page.keyboard.press('c');
    await expect(page.getByRole('dialog', { name: 'New link' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog', { name: 'New link' })).toBeHidden();
    await page.keyboard.press('/');
    await expect(page.getByLabel('Search links', { exact: true })).toBeFocused();
    await page.getByLabel('Search links', { exact: true }).blur();
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  });

  test('goes to a page by G and its letter, as the list of keys says', async ({ page }) => {
    await page.goto('/referrals/links');
    await settled(page);
    await page.keyboard.press('?');
    await expect(page.locator('#keys-go')).toContainText('Audit log');
    await page.keyboard.press('Escape');

    await page.keyboard.press('g');
    await page.keyboard.press('t');

    await expect(page).toHaveURL(/\/admin\/audit-log$/);
  });

  test('finds the new pages in the palette', async ({ page }) => {
    await page.goto('/dashboard/');
    await settled(page);

    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search links and pages' }).fill('api k');
    await page.keyboard.press('Enter');

    await expect(page).toHaveURL(/\/settings\/api-keys$/);
  });

  test('has single-letter keys that can be switched off', async ({ page }) => {
    await page.goto('/referrals/links');
    await settled(page);
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
    await page.getByRole('switch', { name: 'Single-letter keys are on' }).uncheck();
    await page.keyboard.press('Escape');

    await page.keyboard.press('c');

    await expect(page.getByRole('dialog', { name: 'New link' })).toBeHidden();
  });

  test('gets the focus back when a dialog closes', async ({ page }) => {
    await page.goto('/referrals/links');
    await settled(page);
    const opener = page.getByRole('main').getByRole('button', { name: 'New link' });
    await opener.focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog', { name: 'New link' })).toBeVisible();

    await page.keyboard.press('Escape');

    await expect(opener).toBeFocused();
  });

  test('reaches the content first by the skip link', async ({ page }) => {
    await page.goto('/referrals/links');
    await settled(page);

    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
    await page.keyboard.press('Enter');

    await expect(page.getByRole('main')).toBeFocused();
  });
});

test('the theme is switched and stays', async ({ page }) => {
  await page.goto('/dashboard/');
  await settled(page);

  await page.getByRole('button', { name: 'Switch between light and dark' }).last().click();

  await expect(page.locator('html')).toHaveAttribute('data-bs-theme', 'dark');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-bs-theme', 'dark');
});

test('the settings of a program are saved', async ({ page }) => {
  await page.goto('/admin/programs');
  await settled(page);
  const window = page.getByLabel('Click window, days');
  const before = await window.inputValue();

  await window.fill('60');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await page.reload();
  await expect(window).toHaveValue('60');

  await window.fill(before);
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
});

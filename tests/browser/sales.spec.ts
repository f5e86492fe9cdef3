import type { APIRequestContext } from '@playwright/test';
import { freshCode } from './account';
import { expect, settled, signedIn, stranger, test } from './fixtures';
import { freshEmail, goodPassword, signIn } from './people';
import { makeConversion, makeProgram, makeRule, makeSeller, post, type Seller } from './sales';

test.use(signedIn);

let visitor: APIRequestContext;

test.beforeEach(async ({ playwright, baseURL }) => {
  visitor = await playwright.request.newContext({ ...(baseURL ? { baseURL } : {}), ...stranger });
});

test.afterEach(async () => visitor.dispose());

test.describe('a manager', () => {
  test('makes a program and says when money is due', async ({ page }) => {
    const name = `Program ${freshCode('made')}`;
    await page.goto('/admin/programs');
    await settled(page);
    await page.getByRole('button', { name: 'New program' }).click();
    const dialog = page.getByRole('dialog', { name: 'New program' });
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByRole('button', { name: 'Create program' }).click();
    await expect(page.locator('#program-title')).toHaveText(name);

    await page.getByLabel('Hold, days').fill('45');
    await page.getByLabel('Four eyes above').fill('500.00');
    await page.getByLabel('Model', { exact: true }).selectOption('position');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await expect(page.getByText('Saved.')).toBeVisible();
    await page.reload();

    await expect(page.getByLabel('Hold, days')).toHaveValue('45');
    await expect(page.getByLabel('Four eyes above')).toHaveValue('500.00');
    await page.locator('summary', { hasText: 'Versions of the attribution' }).click();
    await expect(page.locator('#program-policies')).toContainText('Version 2');
  });

  test('makes a partner, a group, and puts one into the other', async ({ page, request }) => {
    const program = await makeProgram(request);
    await page.goto('/admin/groups');
    await settled(page);
    await page.getByRole('main').getByRole('button', { name: 'New group' }).click();
    const group = page.getByRole('dialog', { name: 'New group' });
    await group.getByLabel('Program').selectOption({ label: program.name });
    await group.getByLabel('Name').fill('Gold');
    await group.getByRole('button', { name: 'Create group' }).click();
    await expect(group).toBeHidden();

    await page.goto('/admin/partners');
    await settled(page);
    await page.getByRole('button', { name: 'New partner' }).click();
    const dialog = page.getByRole('dialog', { name: 'New partner' });
    await dialog.getByLabel('E-mail').fill(freshEmail('made'));
    await dialog.getByLabel('Name').fill('Greta Holm');
    await dialog.getByLabel('Program').selectOption({ label: program.name });
    await dialog.getByRole('button', { name: 'Create partner' }).click();

    await expect(page).toHaveURL(/\/admin\/partner\?id=usr_/);
    await expect(page.locator('#partner-name')).toHaveText('Greta Holm');
    const row = page.locator('#enrolments-rows tr', { hasText: program.name });
    await row.getByRole('button', { name: /^Actions for/ }).click();
    await row.getByRole('button', { name: 'Change the group' }).click();
    await page.locator('#move-dialog').getByLabel('Group').selectOption({ label: 'Gold' });
    await page.locator('#move-dialog').getByRole('button', { name: 'Save' }).click();
    await expect(row).toContainText('Gold');

    await row.getByRole('button', { name: /^Actions for/ }).click();
    await row.getByRole('button', { name: 'Suspend' }).click();
    await page.locator('#decision-reason').fill('Under review');
    await page.locator('#decision-submit').click();
    await expect(row.getByText('Suspended')).toBeVisible();
    await expect(row).toContainText('Under review');
  });

  test('writes a rule, reads it as a sentence and tries it', async ({ page, request }) => {
    const program = await makeProgram(request);
    await page.goto(`/admin/rule?program_id=${program.id}`);
    await settled(page);
    await page.locator('#rule-name').fill('Margin');
    await page.getByLabel('Of', { exact: true }).selectOption('margin');
    await page.getByLabel('Rate, %', { exact: true }).fill('10');
    await expect(page.locator('#sentence')).toContainText('10 % of the margin');
    await expect(page.locator('#sample-result')).toContainText('$39.00');

    await page.getByRole('button', { name: 'Condition', exact: true }).click();
    await page.getByLabel('Is', { exact: true }).fill('ltl');
    await expect(page.locator('#sentence')).toContainText('ltl');
    await page.getByRole('button', { name: 'Remove this condition' }).click();
    await page.getByRole('button', { name: 'Publish the rule' }).click();
    await expect(page).toHaveURL(/\/admin\/rule\?id=rul_/);
    await expect(page.locator('#versions li')).toHaveCount(1);

    await page.getByLabel('Rate, %', { exact: true }).fill('12.5');
    await expect(page.locator('#sentence')).toContainText('12.5 %');
    await page.getByRole('button', { name: 'Publish as a new version' }).click();
    await expect(page.locator('#versions li')).toHaveCount(2);
    await page.goto(`/admin/rules?program_id=${program.id}`);
    await settled(page);
    await expect(page.locator('#rows tr')).toHaveCount(1);
    await expect(page.locator('#rows')).toContainText('12.5 % of the margin');
  });

  test('sees what a draft would have paid', async ({ page, request }) => {
    const seller = await makeSeller(visitor, request, 'Wanda Reyes');
    const rule = await makeRule(request, seller.program);
    await makeConversion(request, seller);
    await page.goto(`/admin/rule?id=${rule}`);
    await settled(page);
    await page.getByLabel('Rate, %', { exact: true }).fill('20');

    await page.getByRole('button', { name: 'Compute' }).click();

    const row = page.locator('#what-if-rows tr', { hasText: 'Wanda Reyes' });
    await expect(row).toContainText('$39.00');
    await expect(row).toContainText('$78.00');
    await expect(page.locator('#what-if-total')).toContainText('+$39.00');
  });

  test('follows a sale from conversion to commission, and changes it', async ({
    page,
    request,
  }) => {
    const seller = await makeSeller(visitor, request, 'Ada Marsh');
    await makeRule(request, seller.program);
    await page.goto('/admin/conversions');
    await settled(page);
    await page.getByRole('button', { name: 'New conversion' }).click();
    const dialog = page.getByRole('dialog', { name: 'New conversion' });
    await dialog.getByLabel('Program').selectOption({ label: seller.program.name });
    await dialog.getByLabel('Number', { exact: true }).fill(freshCode('load'));
    await dialog.getByLabel('Revenue').fill('2400.00');
    await dialog.getByLabel('Cost').fill('2010.00');
    await dialog.getByLabel('Customer number').fill(freshCode('customer'));
    await dialog.getByLabel('Code or coupon').fill(seller.code);
    await dialog.getByRole('button', { name: 'Store' }).click();

    await expect(page).toHaveURL(/\/admin\/conversion\?id=cnv_/);
    await expect(page.locator('#conversion-facts')).toContainText('Ada Marsh');
    await expect(page.locator('#journey .touch-won')).toContainText('Code');
    const amount = page.locator('#commissions-rows').getByRole('button', { name: /why\?$/ });
    await expect(amount).toHaveText('$39.00');
    await amount.click();
    await expect(page.locator('#explanation-dialog')).toContainText('10 % of the margin');
    await expect(page.locator('#explanation-dialog')).toContainText('How it was computed');
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Add a change' }).click();
    const change = page.getByRole('dialog', { name: 'Add a change' });
    await change.getByLabel('Kind').selectOption('cost_change');
    await change.getByLabel('Change of cost').fill('75.00');
    await change.getByRole('button', { name: 'Store the change' }).click();
    await expect(change).toBeHidden();
    await expect(amount).toHaveText('$31.50');
    await expect(page.locator('#adjustments-rows')).toContainText('Cost change');

    await page.getByRole('button', { name: 'Decide otherwise…' }).click();
    const override = page.getByRole('dialog', { name: 'Decide whose it is' });
    await override.getByLabel('Reason').fill('Booked by the company itself');
    await override.getByRole('button', { name: 'Decide' }).click();
    await expect(page.locator('#conversion-facts')).toContainText('Nobody');
    await expect(page.locator('#journey')).toContainText('Override');
  });

  test('goes through leads by keys', async ({ page, request }) => {
    const seller = await makeSeller(visitor, request, 'Lena Ortiz');
    const company = `Brightwater ${freshCode('co')}`;
    await post(request, '/leads', {
      program_id: seller.program.id,
      user_id: seller.user_id,
      company,
      email: `buyer@${freshCode('brightwater')}.example`,
    });
    await page.goto('/admin/leads');
    await settled(page);
    await page.getByRole('link', { name: new RegExp(company) }).click();
    await expect(page.locator('#detail-name')).toHaveText(company);

    await page.keyboard.press('a');
    await page.locator('.swal2-confirm').click();

    await expect(page.locator('#toasts')).toContainText('Accepted');
    await page.getByLabel('Status').selectOption('accepted');
    await expect(page.getByRole('link', { name: new RegExp(company) })).toBeVisible();
  });

  test('imports a file: check, wrong rows, store, undo', async ({ page, request }) => {
    const seller = await makeSeller(visitor, request, 'Ivo Brandt');
    await makeRule(request, seller.program);
    const [good, bad] = [freshCode('csv'), freshCode('csv')];
    const lines = [
      'Load,Date,Revenue,Cost,Code,Customer',
      `${good},2026-11-20T10:00:00Z,2400.00,2010.00,${seller.code},${good}`,
      `${bad},2026-11-20T10:00:00Z,a lot,2010.00,${seller.code},${bad}`,
    ];
    await page.goto('/admin/imports');
    await settled(page);
    await page.getByRole('main').getByRole('button', { name: 'Import a file' }).click();
    await page.getByLabel('CSV file').setInputFiles({
      name: 'loads.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(lines.join('\n')),
    });
    await expect(page.getByLabel('Revenue', { exact: true })).toHaveValue('Revenue');
    const dialog = page.getByRole('dialog', { name: 'Import a file' });
    await dialog.locator('#import-program_id').selectOption({ label: seller.program.name });
    await dialog.locator('#import-kind').selectOption('delivered');
    await dialog.locator('#import-source').fill('csv');
    await dialog.getByRole('button', { name: 'Check the file' }).click();

    await expect(page).toHaveURL(/\/admin\/import\?id=/);
    await expect(page.locator('#import-status')).toHaveText('Checked');
    await page.getByLabel('Status').selectOption('bad');
    await expect(page.locator('#rows tr')).toHaveCount(1);
    await expect(page.locator('#rows')).toContainText('revenue');
    await page.getByRole('button', { name: 'Import 1 row' }).click();
    await page.locator('.swal2-confirm').click();
    await expect(page.locator('#import-status')).toHaveText('Imported');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.locator('.swal2-confirm').click();
    await expect(page.locator('#import-status')).toHaveText('Undone');
  });
});

test.describe('finance', () => {
  test('holds, releases, adjusts and approves with reasons', async ({ page, request }) => {
    const seller = await makeSeller(visitor, request, 'Fay Linden');
    await makeRule(request, seller.program);
    await makeConversion(request, seller);
    await page.goto(`/finance/commissions?program_id=${seller.program.id}`);
    await settled(page);
    const row = page.locator('#rows tr').first();
    const act = async (label: string): Promise<void> => {
      await row.getByRole('button', { name: /^Actions for/ }).click();
      await row.getByRole('button', { name: label, exact: true }).click();
    };

    await act('Hold');
    await page.locator('#decision-submit').click();
    await expect(page.locator('#decision-reason-error')).toBeVisible();
    await page.locator('#decision-reason').fill('Looks odd');
    await page.locator('#decision-submit').click();
    await expect(row.getByText('Held', { exact: true })).toBeVisible();
    await act('Release');
    await page.locator('#decision-submit').click();
    await expect(row.getByText('Pending', { exact: true })).toBeVisible();
    await act('Adjust');
    await page.locator('#decision-amount').fill('-4.00');
    await page.locator('#decision-reason').fill('Agreed by phone');
    await page.locator('#decision-submit').click();
    await expect(row).toContainText('$35.00');

    await row.getByRole('button', { name: /why\?$/ }).click();
    await expect(page.locator('#explanation-dialog')).toContainText('Agreed by phone');
    await page.locator('#explanation-entries').click();
    await expect(page).toHaveURL(/\/finance\/entries\?commission_id=/);
    await settled(page);
    await expect(page.locator('#rows tr').first()).toBeVisible();
  });

  test('sees that the ledger is whole and in balance', async ({ page, request }) => {
    const seller = await makeSeller(visitor, request, 'Noor Abadi');
    await makeRule(request, seller.program);
    await makeConversion(request, seller);
    await page.goto('/finance/ledger');
    await settled(page);

    await expect(page.locator('#proof-text')).toContainText('All is as it must be');
    await expect(page.locator('.light-good')).not.toHaveCount(0);
    await expect(page.locator('#balance-rows')).toContainText('Sum, in balance');
    await page.getByRole('link', { name: 'Pending' }).first().click();
    await expect(page).toHaveURL(/\/finance\/entries\?/);

    await page.goto('/finance/liability');
    await settled(page);
    await expect(page.locator('#liability')).toContainText('Owed in USD');
  });
});

test.describe('a partner', () => {
  let seller: Seller;

  test.beforeEach(async ({ page, request }) => {
    seller = await makeSeller(visitor, request, 'Pia Sommer');
    await makeRule(request, seller.program);
    await makeConversion(request, seller);
    await page.context().clearCookies();
    await signIn(page, seller.email, goodPassword);
    await expect(page).toHaveURL(/\/dashboard\/$/);
  });

  test('sees what they earned first, and why', async ({ page }) => {
    await settled(page);
    await expect(page.locator('#earned')).toContainText('$39.00');
    await page.getByRole('link', { name: 'Earnings', exact: true }).click();
    await settled(page);
    const row = page.locator('#rows tr').first();
    await expect(row.locator('.row-reason')).not.toBeEmpty();

    await row.getByRole('button', { name: /why\?$/ }).click();

    await expect(page.locator('#explanation-dialog')).toContainText('10 % of the margin');
    await expect(page.locator('#explanation-sale')).toBeHidden();
  });

  test('reads the rules, and sees customers without their names', async ({ page }) => {
    await page.goto('/referrals/rules');
    await settled(page);
    await expect(page.locator('#rules')).toContainText('10 % of the margin');

    await page.goto('/referrals/customers');
    await settled(page);
    await expect(page.locator('#rows tr')).toHaveCount(1);
    await expect(page.locator('#rows')).not.toContainText('Acme Freight');
  });

  test('registers a deal', async ({ page }) => {
    await page.goto('/referrals/leads');
    await settled(page);
    await page.getByRole('main').getByRole('button', { name: 'Register a deal' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Register a deal' });
    const company = `Northgate ${freshCode('co')}`;
    await dialog.getByLabel('Company').fill(company);
    await dialog.getByLabel('Domain').fill(`${freshCode('northgate')}.example`);
    await dialog.getByRole('button', { name: 'Register' }).click();

    await expect(page.getByRole('row', { name: new RegExp(company) })).toContainText('Waiting');
  });

  test('asks why something is not theirs', async ({ page }) => {
    await page.goto('/referrals/why-not');
    await settled(page);
    await page.getByLabel('What you know').selectOption('code');
    await page.getByLabel('Number, code or click').fill(seller.code);
    await page.getByRole('button', { name: 'Look it up' }).click();

    await expect(page.locator('#answers .card').first()).toContainText('yours');
  });

  test('does not find the pages of others in the menu', async ({ page }) => {
    await settled(page);
    for (const name of ['Commissions', 'Partners', 'Ledger', 'Commission rules', 'Imports']) {
      await expect(
        page.locator('#sidebarMenu').getByRole('link', { name, exact: true }),
      ).toBeHidden();
    }
  });
});

// The words of the ledger.
import { words } from '../page/status';

const accounts: Record<string, string> = {
  pending: 'Pending',
  held: 'Held',
  payable: 'Payable',
  in_transit: 'In transit',
  commission_expense: 'Commission expense',
  cash_clearing: 'Cash clearing',
  bad_debt: 'Bad debt',
  fx_gain_loss: 'Exchange gain or loss',
};

export const accountKinds = Object.keys(accounts);
export const accountName = (account: string): string => accounts[account] ?? words(account);

/** What is owed to partners. */
export const liabilities = ['pending', 'held', 'payable', 'in_transit'] as const;

// What can be decided about a commission: each only where its state and one's permissions allow it.
import { write } from '../api/client';
import type { Commission } from '../api/finance';
import type { MenuItem } from '../page/menu';
import { money } from '../page/money';
import { decide, type Answer, type Decision } from '../page/reason';
import { toast } from '../page/toast';
import { may } from '../shell/session';
import { openExplanation } from './explanation';

type Verb = 'approve' | 'hold' | 'release' | 'reject' | 'adjust' | 'claw_back';

interface Choice {
  verb: Verb;
  label: string;
  symbol: string;
  from: string[];
  /** How the API calls the amount, where the decision has one. */
  amountField?: string;
  decision: (shown: string, currency: string) => Decision;
  done: string;
}

const choices: Choice[] = [
  {
    verb: 'approve',
    label: 'Approve',
    symbol: 'check',
    from: ['pending'],
    decision: (shown) => ({
      title: `Approve ${shown}`,
      text: 'It becomes payable. Before its days are over that takes a reason; above the program’s limit it takes two people who had no hand in it.',
      submit: 'Approve',
      optional: true,
    }),
    done: 'Approved.',
  },
  {
    verb: 'hold',
    label: 'Hold',
    symbol: 'pause',
    from: ['pending', 'approved'],
    decision: (shown) => ({
      title: `Hold ${shown}`,
      text: 'It is paid by no run until somebody releases it.',
      submit: 'Hold',
      reasonNote: 'The partner reads it',
    }),
    done: 'Held.',
  },
  {
    verb: 'release',
    label: 'Release',
    symbol: 'play',
    from: ['held'],
    decision: (shown) => ({
      title: `Release ${shown}`,
      text: 'It goes back to where it was when it was held.',
      submit: 'Release',
      optional: true,
    }),
    done: 'Released.',
  },
  {
    verb: 'reject',
    label: 'Reject',
    symbol: 'stop',
    from: ['held'],
    decision: (shown) => ({
      title: `Reject ${shown}`,
      text: 'It is not paid, for good. What it took of caps and tiers goes to others.',
      submit: 'Reject',
      danger: true,
      reasonNote: 'The partner reads it',
    }),
    done: 'Rejected.',
  },
  {
    verb: 'adjust',
    amountField: 'amount_change',
    label: 'Adjust',
    symbol: 'edit',
    from: ['pending', 'approved', 'held'],
    decision: (shown, currency) => ({
      title: `Adjust ${shown}`,
      text: 'The change is posted beside what the rule computes, and stays when facts change later.',
      submit: 'Post the change',
      amount: {
        label: `Change, ${currency}`,
        note: 'Such as 5.00, or -7.50 to take away',
        field: 'amount_change',
      },
      reasonNote: 'The partner reads it',
    }),
    done: 'Adjusted.',
  },
  {
    verb: 'claw_back',
    label: 'Claw back',
    symbol: 'replay',
    from: ['approved', 'in_payout', 'paid'],
    decision: (shown, currency) => ({
      title: `Claw back ${shown}`,
      text: 'It is taken from what is payable, which may fall below zero: later earnings make up for it first.',
      submit: 'Claw back',
      danger: true,
      amount: { label: `Amount, ${currency}`, note: 'Empty: all of it', optional: true },
      reasonNote: 'The partner reads it',
    }),
    done: 'Clawed back.',
  },
];

async function run(commission: Commission, choice: Choice, answer: Answer): Promise<void> {
  await write<Commission>(
    'POST',
    `/commissions/${encodeURIComponent(commission.id)}/${choice.verb}`,
    {
      ...(answer.reason === '' ? {} : { reason: answer.reason }),
      ...(answer.amount === null ? {} : { [choice.amountField ?? 'amount']: answer.amount }),
    },
  );
  toast(choice.done);
}

export function commissionActions(commission: Commission, changed: () => void): MenuItem[] {
  const explain: MenuItem = {
    label: 'Why this amount?',
    symbol: 'question',
    run: () => void openExplanation(commission.id),
  };
  if (!may('commissions:write')) return [explain];
  const shown = money(commission.amount, commission.currency);
  const possible = choices.filter((choice) => choice.from.includes(commission.status));
  return [
    explain,
    ...possible.map((choice) => ({
      label: choice.label,
      symbol: choice.symbol,
      run: () =>
        decide(choice.decision(shown, commission.currency), (answer) =>
          run(commission, choice, answer).then(changed),
        ),
    })),
  ];
}

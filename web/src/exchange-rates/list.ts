// What currencies are worth in each other, by day. A wrong rate is corrected by one of a later day.
import { write } from '../api/client';
import type { ExchangeRate } from '../api/finance';
import { dayText } from '../commissions/status';
import { cell, day, row } from '../page/cells';
import { closeDialog, openDialog } from '../page/dialog';
import { byId, element } from '../page/dom';
import { Editor } from '../page/editor';
import { clearErrors, watchForm } from '../page/form';
import { List } from '../page/list';
import { toast } from '../page/toast';
import { may } from '../shell/session';
import { startPage } from '../shell/shell';

const form = byId<HTMLFormElement>('rate-form');
const editor = new Editor('rate', {
  from_currency: 'code',
  to_currency: 'code',
  day: 'text',
  rate: 'text',
});

type FilterName = 'from_currency' | 'to_currency';

function rateRow(rate: ExchangeRate): HTMLElement {
  return row(
    rate.id,
    cell(
      'Rate',
      'cell-main',
      element(
        'span',
        { class: 'row-title' },
        `1 ${rate.from_currency} = ${rate.rate} ${rate.to_currency}`,
      ),
    ),
    cell('From', 'cell-time', dayText(rate.day)),
    cell('Stored', 'cell-time', day(rate.created_at)),
  );
}

function openRate(): void {
  form.reset();
  clearErrors(form);
  // Days of rates begin with UTC's.
  byId<HTMLInputElement>('rate-day').value = new Date().toISOString().slice(0, 10);
  openDialog('rate-dialog');
  byId('rate-from_currency').focus();
}

await startPage(async () => {
  const list = new List<ExchangeRate, FilterName>({
    path: '/exchange-rates',
    columns: 3,
    filterNames: ['from_currency', 'to_currency'],
    row: rateRow,
    chip: (name, value) => (name === 'from_currency' ? `Of ${value}` : `In ${value}`),
    query: (filters) => ({
      from_currency: filters.from_currency.toUpperCase(),
      to_currency: filters.to_currency.toUpperCase(),
    }),
    nothingFound: 'No rate fits these filters',
    empty: {
      symbol: 'exchange',
      title: 'No rates yet',
      text: 'They are needed only where conversions come in another currency than the program’s.',
      action: may('exchange-rates:write') ? { label: 'Add a rate', run: openRate } : undefined,
    },
  });
  byId('rate-new').addEventListener('click', openRate);
  watchForm(form, async () => {
    await write<ExchangeRate>('POST', '/exchange-rates', editor.readFilled());
    closeDialog('rate-dialog');
    toast('The rate is stored.');
    await list.load();
  });
  await list.start();
});

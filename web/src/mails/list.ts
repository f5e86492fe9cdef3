// The outbox.
import type { Mail } from '../api/operations';
import { cell, moment, row } from '../page/cells';
import { element, icon } from '../page/dom';
import { count } from '../page/format';
import { List } from '../page/list';
import { startPage } from '../shell/shell';
import { mailPill, mailStateLabel, openMail, watchMailForms } from './details';

function mailRow(mail: Mail): HTMLElement {
  const label = `Details of ${mail.template} to ${mail.to}`;
  const details = element(
    'button',
    { type: 'button', class: 'btn btn-bare', 'aria-label': label },
    icon('right'),
  );
  details.addEventListener('click', () => void openMail(mail));
  return row(
    mail.id,
    cell(
      'Mail',
      'cell-main',
      element('span', { class: 'row-title' }, mail.to),
      element('span', { class: 'row-detail' }, mail.last_error ?? mail.template),
    ),
    cell('State', 'cell-status', mailPill(mail.state)),
    cell('Attempts', 'num', count(mail.attempts)),
    cell('Made', 'cell-time', moment(mail.created_at)),
    cell('Sent', 'cell-time', mail.sent_at ? moment(mail.sent_at) : '–'),
    cell('Details', 'cell-actions', details),
  );
}

await startPage(async () => {
  watchMailForms();
  const list = new List<Mail, 'to' | 'state'>({
    path: '/mails',
    columns: 6,
    filterNames: ['to', 'state'],
    row: mailRow,
    chip: (name, value) => (name === 'to' ? `To ${value}` : mailStateLabel(value)),
    nothingFound: 'No mail fits these filters',
    empty: {
      symbol: 'mail',
      title: 'No mails yet',
      text: 'Invitations, confirmations and notices are listed here once there are any.',
    },
  });
  await list.start();
});

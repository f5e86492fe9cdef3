// Which column of a file is which field of a conversion.
import { byId, element } from '../page/dom';
import type { Head } from './csv';

interface Field {
  name: string;
  label: string;
  required?: boolean;
  /** Other names that a column may have. */
  also?: string[];
}

const fields: Field[] = [
  { name: 'external_id', label: 'Number', required: true, also: ['load', 'order', 'id', 'pro'] },
  { name: 'line', label: 'Line' },
  { name: 'kind', label: 'Kind', also: ['event', 'status'] },
  { name: 'source', label: 'Source', also: ['system'] },
  { name: 'occurred_at', label: 'Occurred', also: ['date', 'delivered_at', 'time'] },
  { name: 'revenue', label: 'Revenue', also: ['amount', 'invoice', 'total'] },
  { name: 'cost', label: 'Cost', also: ['carrier_cost', 'carrier_pay'] },
  { name: 'currency', label: 'Currency' },
  { name: 'quantity', label: 'Quantity', also: ['qty', 'miles'] },
  { name: 'unit', label: 'Unit' },
  { name: 'mode', label: 'Mode' },
  { name: 'lane', label: 'Lane' },
  { name: 'code', label: 'Code', also: ['coupon', 'referral_code', 'ref'] },
  { name: 'click_id', label: 'Click' },
  { name: 'customer.external_id', label: 'Customer number', also: ['customer_id', 'customer'] },
  { name: 'customer.email', label: 'Customer e-mail', also: ['email', 'customer_email'] },
  { name: 'customer.name', label: 'Customer name', also: ['customer_name', 'contact'] },
  { name: 'customer.company', label: 'Company', also: ['company', 'shipper', 'customer_company'] },
  { name: 'customer.mc_number', label: 'MC number', also: ['mc', 'mc_number'] },
  { name: 'customer.dot_number', label: 'DOT number', also: ['dot', 'dot_number'] },
  { name: 'customer.country', label: 'Country', also: ['country', 'customer_country'] },
];

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]+/g, '_');

/** The column that is probably meant; -1: none. */
function guess(field: Field, columns: string[]): number {
  const wanted = [field.name, ...(field.also ?? [])].map(plain);
  const names = columns.map(plain);
  return wanted.map((name) => names.indexOf(name)).find((at) => at >= 0) ?? -1;
}

const idOf = (field: Field): string => `map-${field.name.replace('.', '-')}`;

export function showMapping({ columns, sample }: Head): void {
  byId('mapping').replaceChildren(
    ...fields.map((field) => {
      const select = element('select', {
        class: 'form-select form-select-sm',
        id: idOf(field),
        name: `mapping.${field.name}`,
        required: field.required ?? false,
        'aria-describedby': `${idOf(field)}-note`,
      });
      select.append(
        new Option(field.required ? 'Choose a column' : 'Not in the file', ''),
        ...columns.map((name) => new Option(name, name)),
      );
      const found = guess(field, columns);
      select.value = columns[found] ?? '';
      const note = element('p', { class: 'field-note', id: `${idOf(field)}-note` });
      const tell = (): void => {
        const value = sample[columns.indexOf(select.value)];
        note.textContent = value ? `Such as ${value.slice(0, 60)}` : '';
      };
      select.addEventListener('change', tell);
      tell();
      return element(
        'div',
        { class: 'field' },
        element('label', { for: idOf(field) }, field.label),
        select,
        note,
      );
    }),
  );
}

/** Field of a conversion → name of the column. `keepOthers`: columns of no field are metadata. */
export function readMapping(columns: string[], keepOthers: boolean): Record<string, string> {
  const chosen = fields
    .map((field) => [field.name, byId<HTMLSelectElement>(idOf(field)).value])
    .filter(([, column]) => column !== '');
  const used = new Set(chosen.map(([, column]) => column));
  const others = columns
    .filter((column) => column !== '' && !used.has(column))
    .map((column) => [`metadata.${plain(column).slice(0, 50)}`, column]);
  return Object.fromEntries(keepOthers ? [...chosen, ...others] : chosen);
}

// Other destinations by country or device: rows of the link dialog.
import type { Target } from '../api/types';
import { countryCodes } from '../analytics/countries';
import { byId, element, findAll, icon } from '../page/dom';
import { countryName, deviceName } from '../page/format';

const devices = ['mobile', 'tablet', 'desktop'];
const rowsMax = 20;
let made = 0;

function labelled(id: string, text: string, control: HTMLElement): HTMLElement {
  control.id = id;
  return element('div', { class: 'field' }, element('label', { for: id }, text), control);
}

/** Tom Select, loaded when the first row is made; its original select is hidden from assistive technology. */
async function makeSearchable(select: HTMLSelectElement): Promise<void> {
  const [{ default: TomSelect }] = await Promise.all([
    import('tom-select'),
    import('./tom-select'),
  ]);
  new TomSelect(select, { plugins: ['remove_button'], maxOptions: null, hideSelected: true });
  select.setAttribute('aria-hidden', 'true');
}

function targetRow(target: Target): HTMLElement {
  made += 1;
  const chosen = new Set(target.countries ?? []);
  const countries = element('select', { multiple: true, 'data-target': 'countries' });
  const named = countryCodes.map((code) => [code, countryName(code)] as const);
  named.sort((a, b) => a[1].localeCompare(b[1]));
  countries.append(...named.map(([code, name]) => new Option(name, code, false, chosen.has(code))));
  const wanted = new Set(target.devices ?? []);
  const boxes = devices.map((device) => {
    const id = `target-${made}-${device}`;
    const input = element('input', {
      class: 'form-check-input',
      type: 'checkbox',
      id,
      value: device,
    });
    input.checked = wanted.has(device);
    const label = element('label', { class: 'form-check-label', for: id }, deviceName(device));
    return element('div', { class: 'form-check form-check-inline' }, input, label);
  });
  const destination = element('input', {
    class: 'form-control',
    type: 'url',
    placeholder: 'https://',
    maxlength: 2048,
    required: true,
    name: 'targets',
    'data-target': 'destination',
  });
  destination.value = target.destination_url;
  const remove = element(
    'button',
    {
      type: 'button',
      class: 'btn btn-bare target-remove',
      'aria-label': 'Remove this destination',
    },
    icon('close'),
  );
  const row = element(
    'fieldset',
    { class: 'target' },
    element('legend', { class: 'visually-hidden' }, 'Other destination'),
    labelled(`target-${made}-countries`, 'Countries (none: all)', countries),
    element(
      'div',
      { class: 'field', role: 'group', 'aria-label': 'Devices' },
      element('span', { class: 'field-title' }, 'Devices (none: all)'),
      element('div', {}, ...boxes),
    ),
    labelled(`target-${made}-destination`, 'Destination', destination),
    remove,
  );
  remove.addEventListener('click', () => {
    row.remove();
    byId('link-target-add').focus();
  });
  void makeSearchable(countries);
  return row;
}

export function showTargets(targets: Target[]): void {
  byId('link-target-list').replaceChildren(...targets.map(targetRow));
}

export function addTarget(): void {
  const list = byId('link-target-list');
  if (list.children.length >= rowsMax) return;
  list.append(targetRow({ destination_url: '' }));
}

export function readTargets(): Target[] {
  return findAll('.target', byId('link-target-list')).map((row) => {
    const countries = row.querySelector<HTMLSelectElement>('[data-target="countries"]')!;
    const destination = row.querySelector<HTMLInputElement>('[data-target="destination"]')!;
    const boxes = findAll<HTMLInputElement>('input:checked', row);
    const chosen = [...countries.selectedOptions].map((option) => option.value);
    const wanted = boxes.map((box) => box.value).filter((value) => devices.includes(value));
    return {
      ...(chosen.length > 0 ? { countries: chosen } : {}),
      ...(wanted.length > 0 ? { devices: wanted } : {}),
      destination_url: destination.value.trim(),
    };
  });
}

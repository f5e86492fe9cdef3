// The filter bar of the list of clicks and its chips.
import { ApiError, get } from '../api/client';
import type { ClickClass, Link, Page } from '../api/types';
import { classes } from '../analytics/classes';
import { countryCodes } from '../analytics/countries';
import { unknownKey } from '../analytics/rows';
import { showChips } from '../page/chips';
import { byId, debounced } from '../page/dom';
import { countryName, date, deviceName } from '../page/format';
import { toast } from '../page/toast';
import { filterNames, type FilterName, type Filters } from './search';

const linkCodes = new Map<string, string>();

function classLabel(name: string): string {
  if (name === 'people') return 'People';
  if (name === 'apart') return 'Bots and other traffic';
  return classes[name as ClickClass]?.label ?? name;
}

function chipLabel(name: FilterName, value: string): string {
  const unknown = value === unknownKey;
  switch (name) {
    case 'link_id':
      return `Link ${linkCodes.get(value) ?? value}`;
    case 'class':
      return classLabel(value);
    case 'country':
      return unknown ? 'Unknown country' : countryName(value);
    case 'device_type':
      return unknown ? 'Unknown device' : deviceName(value);
    case 'from':
      return `From ${date(`${value}T12:00:00Z`)}`;
    case 'to':
      return `To ${date(`${value}T12:00:00Z`)}`;
    case 'referrer':
      return unknown ? 'Direct or unknown' : `From ${value}`;
    case 'user_id':
      return 'One partner';
    case 'program_id':
      return 'One program';
    default:
      return unknown ? `Unknown ${name.replace('_', ' ')}` : value;
  }
}

export function fillChoices(): void {
  const kinds = byId<HTMLSelectElement>('filter-class');
  kinds.append(new Option('People', 'people'), new Option('Bots and other traffic', 'apart'));
  for (const name of Object.keys(classes)) kinds.append(new Option(classLabel(name), name));
  const countries = byId<HTMLSelectElement>('filter-country');
  const named = countryCodes.map((code) => [code, countryName(code)] as const);
  named.sort((a, b) => a[1].localeCompare(b[1]));
  for (const [code, name] of named) countries.append(new Option(name, code));
  countries.append(new Option('Unknown', unknownKey));
}

/** The code of the filtered link, for its chip; asked once. */
export async function nameLink(filters: Filters): Promise<void> {
  const id = filters.link_id;
  if (!id || linkCodes.has(id)) return;
  try {
    const link = await get<Link>(`/links/${encodeURIComponent(id)}`);
    linkCodes.set(id, link.code);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    linkCodes.set(id, 'unknown');
  }
}

export function showFilters(
  filters: Filters,
  update: (changes: Partial<Filters>) => void,
  clearAll: () => void,
): void {
  const choose = (id: string, value: string): void => {
    byId<HTMLSelectElement>(id).value = value;
  };
  choose('filter-class', filters.class);
  choose('filter-country', filters.country);
  choose('filter-device', filters.device_type);
  byId<HTMLInputElement>('filter-from').value = filters.from;
  byId<HTMLInputElement>('filter-to').value = filters.to;
  const link = byId<HTMLInputElement>('filter-link');
  if (document.activeElement !== link) link.value = linkCodes.get(filters.link_id) ?? '';
  const chips = filterNames
    .filter((name) => filters[name])
    .map((name) => ({
      label: chipLabel(name, filters[name]),
      remove: () => {
        if (name === 'link_id') link.value = '';
        update({ [name]: '' });
      },
    }));
  showChips(chips, () => {
    link.value = '';
    clearAll();
  });
}

/** Suggests codes while typing, and filters when one is chosen. */
function watchLinkField(update: (changes: Partial<Filters>) => void): void {
  const field = byId<HTMLInputElement>('filter-link');
  const found = new Map<string, string>();
  const suggest = debounced(() => {
    const typed = field.value.trim();
    if (typed === '' || found.has(typed)) return;
    get<Page<Link>>('/links', { q: typed, limit: 10 }).then(
      (answer) => {
        for (const link of answer.data) {
          found.set(link.code, link.id);
          linkCodes.set(link.id, link.code);
        }
        const options = answer.data.map((link) => new Option(link.name ?? '', link.code));
        byId('filter-link-codes').replaceChildren(...options);
        if (found.has(typed)) update({ link_id: found.get(typed) ?? '' });
      },
      (error: unknown) => {
        if (error instanceof ApiError) toast(error.message, 'bad');
        else throw error;
      },
    );
  }, 200);
  field.addEventListener('input', () => {
    const typed = field.value.trim();
    if (typed === '') update({ link_id: '' });
    else if (found.has(typed)) update({ link_id: found.get(typed) ?? '' });
    else suggest();
  });
}

export function watchFilters(update: (changes: Partial<Filters>) => void): void {
  byId('filters').addEventListener('submit', (event) => event.preventDefault());
  byId('filters').addEventListener('change', (event) => {
    const control = event.target as HTMLInputElement | HTMLSelectElement;
    if (control.name) update({ [control.name]: control.value });
  });
  watchLinkField(update);
}

// Numbers, times and names as the reader expects them. The text is English, its regional form the reader's.

const locale = navigator.language.startsWith('en') ? navigator.language : 'en';

let timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Set once the user is known; every later time is shown in it. */
export function useTimeZone(name: string | null): void {
  if (name) timeZone = name;
}

export function currentTimeZone(): string {
  return timeZone;
}

const integers = new Intl.NumberFormat(locale);
const shortIntegers = new Intl.NumberFormat(locale, {
  notation: 'compact',
  maximumFractionDigits: 1,
});
const percents = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });

export const count = (value: number): string => integers.format(value);
export const shortCount = (value: number): string => shortIntegers.format(value);
export const share = (part: number, whole: number): string =>
  percents.format(whole === 0 ? 0 : part / whole);

export function plural(value: number, one: string, many: string): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

function formatted(at: Date, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale, { timeZone, ...options }).format(at);
}

export const dateTime = (at: string | Date): string =>
  formatted(new Date(at), { dateStyle: 'medium', timeStyle: 'short' });
export const dateTimeExact = (at: string | Date): string =>
  formatted(new Date(at), { dateStyle: 'full', timeStyle: 'long' });
export const date = (at: string | Date): string => formatted(new Date(at), { dateStyle: 'medium' });
export const time = (at: string | Date): string => formatted(new Date(at), { timeStyle: 'short' });
export const timeWithSeconds = (at: string | Date): string =>
  formatted(new Date(at), { timeStyle: 'medium' });

const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** "5 min. ago"; a plain date when it is more than a month away. */
export function ago(at: string): string {
  const seconds = (Date.parse(at) - Date.now()) / 1000;
  if (Math.abs(seconds) > 30 * 86_400) return date(at);
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  }
  return 'just now';
}

const regionNames = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' });

/** The English name of an ISO 3166-1 alpha-2 code. */
export function countryName(code: string | null): string {
  if (!code || !/^[A-Z]{2}$/.test(code)) return 'Unknown';
  return regionNames.of(code) ?? code;
}

const deviceNames: Record<string, string> = {
  desktop: 'Desktop',
  mobile: 'Mobile',
  tablet: 'Tablet',
  bot: 'Bot',
  other: 'Other',
};

export const deviceName = (type: string | null): string =>
  type ? (deviceNames[type] ?? type) : 'Unknown';

/** The calendar day `YYYY-MM-DD` of a moment in the user's time zone. */
export function dayOf(at: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at);
}

/** Whether that is a day of this millennium as `YYYY-MM-DD`, which exists. */
export function isDay(text: string | null): text is string {
  if (!/^2\d{3}-\d{2}-\d{2}$/.test(text ?? '')) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text;
}

/** `2026-11-22T14:05` in the user's zone, as an `<input type=datetime-local>` wants it. */
export function localInput(at: string): string {
  const options = { timeZone, dateStyle: 'short', timeStyle: 'short' } as const;
  return new Intl.DateTimeFormat('sv-SE', options).format(new Date(at)).replace(' ', 'T');
}

/** The moment that a `datetime-local` value means in the user's zone, RFC 3339 UTC. */
export function instantOf(local: string): string {
  const wanted = Date.parse(`${local}Z`);
  let guess = wanted;
  // Twice: the first correction may itself cross a change of the clocks.
  for (let round = 0; round < 2; round += 1) {
    const shown = Date.parse(`${localInput(new Date(guess).toISOString())}Z`);
    guess += wanted - shown;
  }
  return new Date(guess).toISOString().replace('.000Z', 'Z');
}

/** An address without its scheme, for reading. */
export const bareUrl = (url: string): string => url.replace(/^https?:\/\//, '').replace(/\/$/, '');

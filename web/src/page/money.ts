// Amounts: decimal strings of the API, never computed in floating point.

const locale = navigator.language.startsWith('en') ? navigator.language : 'en';
const formats = new Map<string, Intl.NumberFormat>();

/** An amount as the API sends it. */
export interface Amount {
  amount: string;
  currency: string;
}

/** Without digits, those of the currency. */
function formatOf(currency: string, digits: number | null): Intl.NumberFormat {
  const key = `${currency} ${digits}`;
  const known = formats.get(key);
  if (known) return known;
  const fraction =
    digits === null ? {} : { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const made = new Intl.NumberFormat(locale, { style: 'currency', currency, ...fraction });
  formats.set(key, made);
  return made;
}

const isDecimal = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text);

/** "$1,234.56": all digits of the text, which may be more than a number can hold. */
export function money(amount: string | null | undefined, currency: string): string {
  if (amount === null || amount === undefined) return '–';
  if (!isDecimal(amount) || !/^[A-Z]{3}$/.test(currency)) return `${amount} ${currency}`;
  const digits = amount.split('.')[1]?.length ?? null;
  return formatOf(currency, digits).format(amount as unknown as number);
}

/** "+$2.00", "−$7.50": a change. */
export function moneyChange(amount: string, currency: string): string {
  const shown = money(amount.replace(/^-/, ''), currency);
  if (isZero(amount)) return shown;
  return isNegative(amount) ? `−${shown}` : `+${shown}`;
}

export const isZero = (amount: string): boolean => /^-?0+(\.0+)?$/.test(amount);
export const isNegative = (amount: string): boolean => amount.startsWith('-') && !isZero(amount);
export const negated = (amount: string): string =>
  isZero(amount) ? amount : amount.startsWith('-') ? amount.slice(1) : `-${amount}`;

function scaled(amount: string, digits: number): bigint {
  const [whole = '0', fraction = ''] = amount.replace(/^-/, '').split('.');
  const value = BigInt(whole + fraction.padEnd(digits, '0'));
  return amount.startsWith('-') ? -value : value;
}

/** The exact sum of decimals, with as many digits as the longest of them. */
export function sumOf(amounts: string[]): string {
  const digits = Math.max(0, ...amounts.map((each) => each.split('.')[1]?.length ?? 0));
  const sum = amounts.reduce((total, each) => total + scaled(each, digits), 0n);
  const text = (sum < 0n ? -sum : sum).toString().padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  const shown = digits === 0 ? whole : `${whole}.${text.slice(-digits)}`;
  return sum < 0n ? `-${shown}` : shown;
}

/** Which of two decimals is larger: negative, 0 or positive. */
export function compareAmounts(a: string, b: string): number {
  const difference = sumOf([a, negated(b)]);
  return isZero(difference) ? 0 : isNegative(difference) ? -1 : 1;
}

/** Millionths as people write them: 100000 is "10 %". */
export function percentOf(ppm: number): string {
  const text = (ppm / 10_000).toFixed(4).replace(/\.?0+$/, '');
  return `${text} %`;
}

/** "2.9" as millionths, exactly; null when it is no such number. */
export function ppmOf(percent: string): number | null {
  const found = /^\s*(\d{1,4})(?:\.(\d{1,4}))?\s*%?\s*$/.exec(percent);
  if (!found) return null;
  return Number(`${found[1] ?? '0'}${(found[2] ?? '').padEnd(4, '0')}`);
}

/** A trimmed decimal as the API takes it; null when nothing was typed. */
export function typedAmount(typed: string): string | null {
  const text = typed.trim().replace(/,(?=\d{3}(\D|$))/g, '');
  return text === '' ? null : text;
}

// Password fields: shown on request, a note about Caps Lock, a hint of how good a new one is.
import { findAll } from './dom';

export interface Strength {
  /** 0: too short, 1: easy to guess, … 4: strong. */
  level: number;
  text: string;
}

const names = ['Too short', 'Easy to guess', 'Fair', 'Good', 'Strong'] as const;
const rows = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];
const common = /passwor|letmein|welcome|qwerty|iloveyou|admin|logistic|freight|trucking|referral/;

function alphabet(password: string): number {
  const classes: [RegExp, number][] = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/[0-9]/, 10],
    [/[^a-zA-Z0-9]/, 33],
  ];
  return classes.reduce((sum, [found, size]) => sum + (found.test(password) ? size : 0), 0);
}

/** Whether this letter only follows the one before on the keyboard or in the alphabet, or repeats it. */
function isExpected(before: string, letter: string): boolean {
  return before === letter || rows.some((row) => row.includes(before + letter));
}

/** A rough guess at the work of guessing; `known` are words an attacker would try first. */
export function strengthOf(password: string, lengthMin: number, known: string[] = []): Strength {
  const missing = lengthMin - [...password].length;
  if (missing > 0) {
    const letters = missing === 1 ? 'character' : 'characters';
    return { level: 0, text: `${names[0]}: ${missing} more ${letters}` };
  }
  let plain = password.toLowerCase();
  let letters = [...plain].filter((letter, at) => !isExpected(plain[at - 1] ?? '', letter)).length;
  for (const word of known.map((each) => each.toLowerCase()).filter((each) => each.length > 3)) {
    if (plain.includes(word)) letters -= word.length - 1;
    plain = plain.replace(word, '');
  }
  if (common.test(plain)) letters -= 6;
  const bits = Math.max(0, letters) * Math.log2(Math.max(2, alphabet(password)));
  const level = bits < 40 ? 1 : bits < 55 ? 2 : bits < 75 ? 3 : 4;
  const advice = level < 3 ? '. Several words that do not belong together are best.' : '';
  return { level, text: `${names[level] ?? ''}${advice}` };
}

function watchShow(field: HTMLElement, input: HTMLInputElement): void {
  const button = field.querySelector<HTMLButtonElement>('[data-show]');
  button?.addEventListener('click', () => {
    const shown = input.type === 'text';
    input.type = shown ? 'password' : 'text';
    button.textContent = shown ? 'Show' : 'Hide';
    button.setAttribute('aria-pressed', String(!shown));
  });
}

function watchCapsLock(field: HTMLElement, input: HTMLInputElement): void {
  const note = field.querySelector<HTMLElement>('[data-caps]');
  if (!note) return;
  for (const kind of ['keydown', 'keyup', 'mousedown'] as const) {
    input.addEventListener(kind, (event) => {
      const on = (event as KeyboardEvent | MouseEvent).getModifierState?.('CapsLock') ?? false;
      note.textContent = on ? 'Caps Lock is on.' : '';
    });
  }
  input.addEventListener('blur', () => {
    note.textContent = '';
  });
}

function watchStrength(
  field: HTMLElement,
  input: HTMLInputElement,
  known: () => (string | undefined)[],
): void {
  const hint = field.querySelector<HTMLElement>('[data-strength]');
  const meter = hint?.querySelector('meter');
  const text = hint?.querySelector('span');
  if (!hint || !meter || !text) return;
  input.addEventListener('input', () => {
    hint.hidden = input.value === '';
    const words = known().flatMap((each) => (each ?? '').split(/[\s@.]+/));
    const strength = strengthOf(input.value, input.minLength, words);
    meter.value = strength.level;
    text.textContent = strength.text;
  });
}

/** Starts all password fields of the page; `known` are what the person is called. */
export function watchPasswords(known: () => (string | undefined)[] = () => []): void {
  for (const field of findAll('[data-password]')) {
    const input = field.querySelector('input');
    if (!input) continue;
    watchShow(field, input);
    watchCapsLock(field, input);
    watchStrength(field, input, known);
  }
}

/** Hides them again, before the form is sent or left. */
export function emptyPasswords(within: ParentNode): void {
  for (const field of findAll('[data-password]', within)) {
    const input = field.querySelector('input');
    const button = field.querySelector<HTMLButtonElement>('[data-show]');
    if (!input) continue;
    input.value = '';
    if (input.type === 'text') button?.click();
    input.dispatchEvent(new Event('input'));
  }
}

// Name and accent colour of the installation. The colours are CSS variables set by script (CSSOM), which
// the Content-Security-Policy allows; they are remembered so that `theme.js` sets them before the first paint.
import { get } from '../api/client';
import { findAll } from './dom';

export interface Branding {
  name: string | null;
  accent: string | null;
}

const storageKey = 'branding';
const textContrast = 4.5;
type Rgb = [number, number, number];

const white: Rgb = [255, 255, 255];
const black: Rgb = [0, 0, 0];
const ink: Rgb = [17, 24, 39];
// The surfaces with the least contrast that accents stand on, of `_themes.scss`.
const lightSurface: Rgb = [236, 238, 242];
const darkSurface: Rgb = [32, 44, 61];

/** `#2361ce` as numbers; null when it is no such colour. */
export function rgbOf(text: string): Rgb | null {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text.trim());
  return found ? (found.slice(1).map((part) => parseInt(part, 16)) as Rgb) : null;
}

const hex = (colour: Rgb): string =>
  `#${colour.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;

/** Relative luminance of WCAG 2.2. */
function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast of WCAG 2.2: 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function mixed(colour: Rgb, other: Rgb, share: number): Rgb {
  return colour.map((part, at) => part + ((other[at] ?? 0) - part) * share) as Rgb;
}

/** The colour, moved towards `end` until it can be read on `surface`. */
function readable(colour: Rgb, surface: Rgb, end: Rgb): Rgb {
  for (let share = 0; share < 1; share += 0.04) {
    const tried = mixed(colour, end, share);
    if (contrast(tried, surface) >= textContrast) return tried;
  }
  return end;
}

function textOn(colour: Rgb): Rgb {
  if (contrast(white, colour) >= textContrast) return white;
  return contrast(ink, colour) >= textContrast ? ink : black;
}

/** What a button of this colour and links look like in one theme. */
export interface AccentColours {
  accent: string;
  hover: string;
  text: string;
}

// The look of the pages themselves, of `_themes.scss`: what an installation has that chose no other.
const builtIn: { light: AccentColours; dark: AccentColours } = {
  light: { accent: '#1f2937', hover: '#374151', text: '#ffffff' },
  dark: { accent: '#f0bc74', hover: '#f5d0a0', text: '#111827' },
};

export const isBuiltIn = (accent: Rgb): boolean => hex(accent) === builtIn.light.accent;

function coloursOf(colour: Rgb): AccentColours {
  const text = textOn(colour);
  const hover = mixed(colour, text === white ? black : white, 0.16);
  return { accent: hex(colour), hover: hex(hover), text: hex(text) };
}

/** The accent as each theme shows it: darker on light surfaces, lighter on dark ones. */
export function accentColours(accent: Rgb): { light: AccentColours; dark: AccentColours } {
  if (isBuiltIn(accent)) return builtIn;
  return {
    light: coloursOf(readable(accent, lightSurface, black)),
    dark: coloursOf(readable(accent, darkSurface, white)),
  };
}

function variablesOf(accent: string | null): Record<string, string> {
  const colour = accent ? rgbOf(accent) : null;
  if (!colour || isBuiltIn(colour)) return {};
  const { light, dark } = accentColours(colour);
  return {
    '--brand-light': light.accent,
    '--brand-light-hover': light.hover,
    '--brand-light-text': light.text,
    '--brand-dark': dark.accent,
    '--brand-dark-hover': dark.hover,
    '--brand-dark-text': dark.text,
  };
}

const variableNames = Object.keys(variablesOf('#000000'));

function showName(name: string | null): void {
  const places = findAll('[data-brand]');
  const shown = places[0]?.textContent;
  if (!name || !shown || shown === name) return;
  document.title = document.title.replace(shown, () => name);
  for (const place of places) place.textContent = name;
}

/** Shows the name and the colour, and remembers them for the next page. */
export function applyBranding(branding: Branding): void {
  const variables = variablesOf(branding.accent);
  const { style } = document.documentElement;
  for (const name of variableNames) {
    if (variables[name]) style.setProperty(name, variables[name]);
    else style.removeProperty(name);
  }
  showName(branding.name);
  try {
    localStorage.setItem(storageKey, JSON.stringify({ name: branding.name, variables }));
  } catch {
    // Without storage the next page shows the colour once its session is known.
  }
}

/**
 * On pages that know nobody: the name of the last visit at once, for which `theme.js` has set the
 * colours, and then what the installation says.
 */
export function showBranding(): void {
  try {
    const stored = JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Partial<Branding>;
    showName(stored.name ?? null);
  } catch {
    // Nothing remembered: the page keeps the name it was built with.
  }
  // Not told: the page keeps what it has, and its form says what is wrong.
  get<Branding>('/settings/branding').then(applyBranding, () => undefined);
}

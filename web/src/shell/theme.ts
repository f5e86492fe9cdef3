// Light and dark: the reader's choice, else the system's. `theme.js` has applied it before the first
// paint, and follows the system.

export type Theme = 'system' | 'light' | 'dark';

const system = matchMedia('(prefers-color-scheme: dark)');

export function chosenTheme(): Theme {
  try {
    const stored = localStorage.getItem('theme');
    return stored === 'light' || stored === 'dark' ? stored : 'system';
  } catch {
    return 'system';
  }
}

function apply(theme: Theme): void {
  const shown = theme === 'system' ? (system.matches ? 'dark' : 'light') : theme;
  if (document.documentElement.dataset.bsTheme === shown) return;
  document.documentElement.dataset.bsTheme = shown;
  document.dispatchEvent(new CustomEvent('themechange'));
}

export function chooseTheme(theme: Theme): void {
  try {
    if (theme === 'system') localStorage.removeItem('theme');
    else localStorage.setItem('theme', theme);
  } catch {
    // Without storage the choice lasts for this page.
  }
  apply(theme);
}

export function switchTheme(): void {
  chooseTheme(document.documentElement.dataset.bsTheme === 'dark' ? 'light' : 'dark');
}

/** The value of a CSS variable of the theme in force, for canvases. */
export function themeColour(variable: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
}

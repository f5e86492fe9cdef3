// The accent colour: chosen by eye or typed, with a preview in both themes and what is done for contrast.
import { accentColours, contrast, isBuiltIn, rgbOf, type AccentColours } from '../page/branding';
import { byId } from '../page/dom';

const picker = byId<HTMLInputElement>('settings-accent-picker');
const field = byId<HTMLInputElement>('settings-accent');

function ratio(a: string, b: string): string {
  const [one, two] = [rgbOf(a), rgbOf(b)];
  return one && two ? `${contrast(one, two).toFixed(1)} : 1` : '';
}

function showPreview(place: HTMLElement, colours: AccentColours): void {
  place.style.setProperty('--preview-accent', colours.accent);
  place.style.setProperty('--preview-text', colours.text);
  const note = place.querySelector('small');
  if (note) note.textContent = `${colours.accent}, text ${ratio(colours.accent, colours.text)}`;
}

function preview(): void {
  const colour = rgbOf(field.value);
  if (!colour) {
    byId('settings-accent-note').textContent = 'Six digits after #, such as #1f5eff';
    return;
  }
  const { light, dark } = accentColours(colour);
  showPreview(byId('preview-light'), light);
  showPreview(byId('preview-dark'), dark);
  if (isBuiltIn(colour)) {
    byId('settings-accent-note').textContent = 'The colour of these pages, with gold on dark ones.';
    return;
  }
  const wanted = field.value.toLowerCase();
  const changed = [
    light.accent === wanted ? null : 'darker on light pages',
    dark.accent === wanted ? null : 'lighter on dark ones',
  ].filter((each) => each !== null);
  byId('settings-accent-note').textContent =
    changed.length === 0
      ? 'Readable on both themes as it is.'
      : `Shown ${changed.join(' and ')}, so that it can be read (4.5 : 1).`;
}

export function showAccent(accent: string): void {
  field.value = accent;
  picker.value = accent;
  preview();
}

export const chosenAccent = (): string => field.value.trim().toLowerCase();

export function watchAccent(): void {
  picker.addEventListener('input', () => {
    field.value = picker.value;
    preview();
  });
  field.addEventListener('input', () => {
    if (rgbOf(field.value)) picker.value = field.value.toLowerCase();
    preview();
  });
}

// A card with one button that sends the token of the mailed link.
import { write } from '../api/client';
import { showBranding } from '../page/branding';
import { byId } from '../page/dom';
import { watchForm } from '../page/form';
import { showStep } from './steps';
import { forgetToken, takeToken } from './token';
import { showTokenFailure, showUnusable } from './unusable';

export function confirmByToken(card: {
  form: string;
  path: string;
  way: { label: string; href: string };
}): void {
  const token = takeToken();
  const form = byId<HTMLFormElement>(card.form);
  showBranding();
  if (token === '') showUnusable(null, card.way);
  watchForm(
    form,
    async () => {
      await write('POST', card.path, { token });
      forgetToken();
      showStep('done');
    },
    (error) => showTokenFailure(form, error, card.way),
  );
}

// Confirming a new address of an account.
import { confirmByToken } from './confirm';

confirmByToken({
  form: 'confirm-email',
  path: '/auth/confirm-email',
  way: { label: 'Change the address again', href: '/settings/security' },
});

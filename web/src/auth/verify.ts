// Confirming the address of an application. By a button: mail scanners open links, but press nothing.
import { confirmByToken } from './confirm';

confirmByToken({
  form: 'verify',
  path: '/auth/verify-email',
  way: { label: 'Ask for a new link', href: '/auth/apply/sent' },
});

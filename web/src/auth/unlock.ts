// After too many wrong tries: the owner of the mailbox may go on from this device.
import { confirmByToken } from './confirm';

confirmByToken({
  form: 'unlock',
  path: '/auth/unlock',
  way: { label: 'Choose a new password', href: '/auth/forgot' },
});

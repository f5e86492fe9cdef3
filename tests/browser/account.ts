import { resolve } from 'node:path';

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} must be set: the tests sign in with it.`);
  return value;
}

/** Who the tests sign in as: an admin, so that every page can be seen. */
export const account = () => ({
  email: required('ADMIN_EMAIL'),
  password: required('ADMIN_PASSWORD'),
});

/** Where the session of that account is kept between tests. */
export const sessionFile = resolve('test-results', 'session.json');

/** A code nobody else has: tests may run against the same program again and again. */
export const freshCode = (purpose: string): string =>
  `${purpose}-${Date.now().toString(36)}${Math.floor(Math.random() * 1296).toString(36)}`;

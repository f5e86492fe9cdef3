import { expect, request, type FullConfig } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { account, sessionFile } from './account';

/** The host that the tests' links lead to; nothing is ever loaded from it. */
export const destinationHost = 'example.com';

/** Signs in once, and puts the destination's host on the program's list. */
export default async function setup(config: FullConfig): Promise<void> {
  const baseURL = config.projects[0]?.use.baseURL;
  const context = await request.newContext(baseURL ? { baseURL } : {});
  const signIn = await context.post('/api/v1/auth/sign-in', { data: account() });
  expect(signIn.status(), await signIn.text()).toBe(200);
  const { csrf_token } = (await signIn.json()) as { csrf_token: string };
  const programs = (await (await context.get('/api/v1/programs')).json()) as {
    data: { id: string; allowed_hosts: string[] }[];
  };
  const program = programs.data[0];
  if (!program) throw new Error('The installation has no program.');
  if (!program.allowed_hosts.includes(destinationHost)) {
    const change = await context.patch(`/api/v1/programs/${program.id}`, {
      data: { allowed_hosts: [...program.allowed_hosts, destinationHost] },
      headers: { 'X-CSRF-Token': csrf_token },
    });
    expect(change.status(), await change.text()).toBe(200);
  }
  mkdirSync(dirname(sessionFile), { recursive: true });
  await context.storageState({ path: sessionFile });
  await context.dispose();
}

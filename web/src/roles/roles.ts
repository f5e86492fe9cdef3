// The roles, and what each is for.
import type { Role } from '../api/types';

export const roleNames: Record<Role, string> = {
  admin: 'Admin',
  manager: 'Manager',
  finance: 'Finance',
  analyst: 'Analyst',
  partner: 'Partner',
};

export const roleMeanings: Record<Role, string> = {
  admin: 'May do everything, also with users, jobs and settings.',
  manager: 'Runs the programs, the links and the applications.',
  finance: 'Sees all numbers and the audit log.',
  analyst: 'Sees all numbers, the audit log, jobs and settings, and changes nothing.',
  partner: 'Has links of their own and sees what these bring.',
};

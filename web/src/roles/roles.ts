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
  manager: 'Runs the programs, partners, leads, links and conversions.',
  finance:
    'Makes the commission rules, decides about commissions, closes months; sees all numbers.',
  analyst: 'Sees all numbers, the audit log, jobs and settings, and changes nothing.',
  partner: 'Has links of their own, registers leads and sees what these bring.',
};

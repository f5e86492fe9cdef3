// What permissions mean, in words, for those who may not read the program's own table of them
// (src/accounts/permissions.cpp).

const meanings: Record<string, string> = {
  'account:own': 'Own name, password, second factor and sessions',
  'analytics:read': 'Counts and charts of clicks',
  'api-keys:own': 'Own API keys',
  'applications:read': 'Who asks to become a partner',
  'applications:write': 'Approve and reject applications',
  'audit-logs:read': 'Who did what',
  'clicks:proof': 'How many clicks were journalled and stored',
  'clicks:read': 'Single clicks',
  'jobs:read': 'Jobs, queues and schedules',
  'jobs:write': 'Replay and discard jobs',
  'links:ban': 'Ban links',
  'links:read': 'Links',
  'links:write': 'Make and change links',
  'mails:read': 'Mails that were sent',
  'programs:read': 'Programs',
  'programs:write': 'Change programs',
  'settings:read': 'Settings of the installation',
  'settings:write': 'Change the settings',
  'terms:write': 'Publish new terms of partners',
  'users:read': 'Users',
  'users:view-as': 'See the screens as a partner does',
  'users:write': 'Invite, change and disable users',
};

/** In words where we have them, else as it is. */
export const permissionMeaning = (permission: string): string => meanings[permission] ?? permission;

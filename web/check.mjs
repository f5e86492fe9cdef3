// Checks that no compiler makes: what may be installed, what the lock says, what pages may contain.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const linesMax = 400;
const faults = [];

const read = (path) => readFileSync(join(root, path), 'utf8');
const filesUnder = (path, pattern) =>
  readdirSync(join(root, path), { recursive: true })
    .filter((file) => pattern.test(file))
    .map((file) => join(path, file));

function versionBelow(version, limit) {
  const [a, b] = [version, limit].map((text) => text.split('.').map(Number));
  for (let at = 0; at < 3; at += 1) {
    if (a[at] !== b[at]) return a[at] < b[at];
  }
  return false;
}

const lock = read('package-lock.json');
const { packages } = JSON.parse(lock);
if (lock.includes('"resolved"')) faults.push('package-lock.json names a registry');
for (const [path, entry] of Object.entries(packages)) {
  const name = path.split('node_modules/').at(-1);
  // ApexCharts 5 is no longer free software; SweetAlert2 carried protest code up to 11.22.3.
  if (name === 'apexcharts' && !versionBelow(entry.version, '5.0.0')) {
    faults.push(`apexcharts ${entry.version} is not free software`);
  }
  if (name === 'sweetalert2' && versionBelow(entry.version, '11.22.4')) {
    faults.push(`sweetalert2 ${entry.version} is older than 11.22.4`);
  }
}

const { dependencies, devDependencies, overrides } = JSON.parse(read('package.json'));
for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
  if (!/^\d+\.\d+\.\d+$/.test(version)) faults.push(`${name} is not pinned: ${version}`);
}
if (!overrides) faults.push('the overrides of Volt are missing');

for (const file of filesUnder('web/templates', /\.html$/)) {
  const html = read(file);
  if (/\sstyle=/.test(html)) faults.push(`${file}: inline style`);
  if (/\son[a-z]+=/.test(html)) faults.push(`${file}: inline handler`);
  if (/<style|<script(?![^>]*\ssrc=)/.test(html)) faults.push(`${file}: inline style or script`);
}

for (const file of [
  ...filesUnder('web', /\.(html|ts|scss|mjs)$/),
  ...filesUnder('tests/browser', /\.ts$/),
]) {
  const lines = read(file).split('\n').length;
  if (lines > linesMax) faults.push(`${file}: ${lines} lines, at most ${linesMax}`);
  if (/\.ts$/.test(file) && /\.innerHTML|insertAdjacentHTML|\beval\(/.test(read(file))) {
    faults.push(`${file}: text must be set as text`);
  }
}

for (const fault of faults) console.error(fault);
console.log(`web: ${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);

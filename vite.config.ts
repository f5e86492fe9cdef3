import purgecss from '@fullhuman/postcss-purgecss';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import nunjucks from 'nunjucks';
import { defineConfig, type Plugin } from 'vite';

const web = resolve(import.meta.dirname, 'web');
const templates = join(web, 'templates');
const modules = resolve(import.meta.dirname, 'node_modules');

/** Renders every page with Nunjucks before Vite reads its scripts and links. */
function renderTemplates(globals: Record<string, unknown>): Plugin {
  return {
    name: 'render-templates',
    transformIndexHtml: {
      order: 'pre',
      handler(html) {
        const loader = new nunjucks.FileSystemLoader(templates);
        const environment = new nunjucks.Environment(loader, {
          autoescape: true,
          throwOnUndefined: true,
        });
        for (const [name, value] of Object.entries(globals)) environment.addGlobal(name, value);
        return environment.renderString(html, {});
      },
    },
    hotUpdate({ file }) {
      if (!file.endsWith('.html')) return undefined;
      this.environment.hot.send({ type: 'full-reload' });
      return [];
    },
  };
}

/** Notices of what is in the sheets and fonts; those of the scripts are written by `build.license`. */
function styleNotices(): Plugin {
  const licences = {
    '@themesberg/volt-bootstrap-5-dashboard': 'LICENSE.md',
    '@fontsource-variable/inter': 'LICENSE',
    bootstrap: 'LICENSE',
  };
  return {
    name: 'style-notices',
    generateBundle() {
      const source = Object.entries(licences)
        .map(([name, file]) => `${name}\n\n${readFileSync(join(modules, name, file), 'utf8')}`)
        .join(`\n${'-'.repeat(80)}\n\n`);
      this.emitFile({ type: 'asset', fileName: 'third-party.txt', source });
    },
  };
}

/** Every template outside `partials/` that is not a layout is a page: `auth/sign-in.html` → `auth/sign-in`. */
function pages(): Record<string, string> {
  const files = readdirSync(templates, { recursive: true }) as string[];
  return Object.fromEntries(
    files
      .filter((file) => file.endsWith('.html'))
      .filter((file) => !file.startsWith('partials') && !file.startsWith('base'))
      .map((file) => [file.slice(0, -'.html'.length).split(sep).join('/'), join(templates, file)]),
  );
}

/**
 * Volt's theme colours make 450 kB of utilities: only what pages, our code and the widgets name is
 * shipped. Class names are therefore whole literals everywhere. Swagger UI's own sheet is left whole.
 */
const purge = purgecss({
  content: [
    join(templates, '**/*.html'),
    join(web, 'src/**/*.ts'),
    join(modules, 'bootstrap/js/dist/{collapse,dropdown}.js'),
    join(modules, 'tom-select/dist/js/tom-select.complete.js'),
    join(modules, 'sweetalert2/dist/sweetalert2.esm.js'),
  ],
  safelist: {
    standard: [/^:/, 'html', 'body'],
    deep: [/^swagger-ui/],
    greedy: [/dark-mode/, /data-bs-theme/, /^swal2/, /^ts-/, /swagger-ui/],
  },
});

export default defineConfig(({ command }) => ({
  root: templates,
  appType: 'mpa',
  publicDir: join(web, 'public'),
  plugins: [
    styleNotices(),
    renderTemplates({
      app_name: 'Referrals',
      company: 'Logistics One Source',
      lang: 'en',
      page: '',
    }),
  ],
  resolve: { alias: { '/src': join(web, 'src'), '/scss': join(web, 'scss') } },
  css: {
    ...(command === 'build' ? { postcss: { plugins: [purge] } } : {}),
    preprocessorOptions: {
      scss: {
        loadPaths: [modules, join(modules, '@themesberg/volt-bootstrap-5-dashboard/src/scss')],
        quietDeps: true,
        silenceDeprecations: [
          'import',
          'global-builtin',
          'color-functions',
          'if-function',
          'slash-div',
          'duplicate-var-flags',
        ],
      },
    },
  },
  build: {
    chunkSizeWarningLimit: 1700, // Swagger UI, on its own page only
    outDir: resolve(import.meta.dirname, 'build/web'),
    emptyOutDir: true,
    target: 'baseline-widely-available',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: true, // .vite/license.md: the notices of what is bundled
    rolldownOptions: { input: pages() },
  },
  server: {
    fs: { allow: [web, modules] },
    proxy: { '/api': process.env.API_URL ?? 'http://127.0.0.1:8080' },
  },
}));

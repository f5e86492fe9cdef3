// The API reference. Swagger UI is large and is loaded on this page only.
import SwaggerUIBundle from 'swagger-ui-dist/swagger-ui-es-bundle.js';
import 'swagger-ui-dist/swagger-ui.css';
import '/scss/docs.scss';
import { currentCsrfToken } from '../api/client';
import { startPage } from '../shell/shell';

/** Swagger UI's own sheet is dark when the root has this class. */
function followTheme(): void {
  const root = document.documentElement;
  root.classList.toggle('dark-mode', root.dataset.bsTheme === 'dark');
}

await startPage(() => {
  followTheme();
  document.addEventListener('themechange', followTheme);
  SwaggerUIBundle({
    dom_id: '#operations',
    url: '/api/v1/openapi.json',
    validatorUrl: null,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    // With it, every operation would be a link inside a button.
    deepLinking: false,
    tryItOutEnabled: false,
    // Swagger UI gives its list of servers no name.
    onComplete: () => {
      document.querySelector('#servers')?.setAttribute('aria-label', 'Server');
    },
    // The same header as these pages send: a write from the browser's session needs it.
    requestInterceptor: (request) => {
      request.headers['X-CSRF-Token'] = currentCsrfToken();
      return request;
    },
  });
});

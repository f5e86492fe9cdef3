// Modules without types of their own.

declare module 'sweetalert2/dist/sweetalert2.esm.js' {
  import Swal from 'sweetalert2';
  export default Swal;
}

declare module 'swagger-ui-dist/swagger-ui-es-bundle.js' {
  interface Request {
    headers: Record<string, string>;
  }
  interface Settings {
    dom_id: string;
    url: string;
    validatorUrl: null;
    docExpansion: 'list' | 'full' | 'none';
    defaultModelsExpandDepth: number;
    deepLinking: boolean;
    tryItOutEnabled: boolean;
    onComplete?: () => void;
    requestInterceptor: (request: Request) => Request;
  }
  export default function SwaggerUIBundle(settings: Settings): unknown;
}

declare module 'bootstrap/js/dist/collapse';
declare module 'bootstrap/js/dist/dropdown';
declare module '/scss/docs.scss';

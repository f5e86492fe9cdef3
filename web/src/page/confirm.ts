// SweetAlert2 without its bundled styles-in-script; its sheet comes as a file of ours.
import 'sweetalert2/dist/sweetalert2.css';
export { default } from 'sweetalert2/dist/sweetalert2.esm.js';

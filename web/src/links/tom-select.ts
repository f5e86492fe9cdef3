// The sheet of Tom Select, loaded together with it.
import 'tom-select/dist/css/tom-select.bootstrap5.css';

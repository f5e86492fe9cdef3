// Runs before the first paint, so that a dark page never flashes white and the accent never changes.
(function () {
  let chosen = null;
  const root = document.documentElement;
  try {
    chosen = localStorage.getItem('theme');
    const { variables } = JSON.parse(localStorage.getItem('branding') ?? '{}');
    for (const [name, value] of Object.entries(variables ?? {}))
      root.style.setProperty(name, value);
  } catch {
    // Storage may be switched off; the system's choice is used.
  }
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.bsTheme = chosen === 'dark' || chosen === 'light' ? chosen : dark ? 'dark' : 'light';
})();

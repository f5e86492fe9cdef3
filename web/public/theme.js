// Runs before the first paint, so that a dark page never flashes white and the accent never changes.
(function () {
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');

  function shown() {
    let chosen = null;
    try {
      chosen = localStorage.getItem('theme');
    } catch {
      // Storage may be switched off; the system's choice is used.
    }
    return chosen === 'dark' || chosen === 'light' ? chosen : dark.matches ? 'dark' : 'light';
  }

  root.dataset.bsTheme = shown();
  dark.addEventListener('change', () => {
    if (root.dataset.bsTheme === shown()) return;
    root.dataset.bsTheme = shown();
    document.dispatchEvent(new CustomEvent('themechange'));
  });
  try {
    const { variables } = JSON.parse(localStorage.getItem('branding') ?? '{}');
    for (const [name, value] of Object.entries(variables ?? {}))
      root.style.setProperty(name, value);
  } catch {
    // Without storage, the accent comes with the answers of the API.
  }
})();

// The token of a mailed link: taken out of the address bar at once, so that neither the history, a
// screenshot nor a referrer shows it. The entry of the history keeps it: the page can be reloaded.

interface Kept {
  token?: string;
}

/** The token of this page's link, or an empty text. */
export function takeToken(): string {
  const asked = new URLSearchParams(location.search).get('token');
  if (asked !== null) {
    history.replaceState({ token: asked } satisfies Kept, '', location.pathname);
    return asked;
  }
  return (history.state as Kept | null)?.token ?? '';
}

/** Called when the token has been used. */
export function forgetToken(): void {
  history.replaceState(null, '', location.pathname);
}

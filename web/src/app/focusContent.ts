/** Gives the focus to what the page is about: the tile that Tab would reach in a grid, else the page's main part. */
export function focusContent(): void {
  const main = document.querySelector('main');
  const target = main?.querySelector<HTMLElement>('[role="gridcell"][tabindex="0"]') ?? main;
  if (!target) return;
  // A main part can be given the focus, but does not stand in the way of Tab.
  if (target === main) target.tabIndex = -1;
  target.focus();
}

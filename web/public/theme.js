// Runs before the first paint, so that a chosen theme never flashes the other one. The module src/theme/theme.svelte.ts does the rest.
try {
  const theme = localStorage.getItem('vitrine.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch (error) {
  console.info('The theme cannot be remembered here.', error);
}

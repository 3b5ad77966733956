/** The panel of the screen that a request belongs to, for the figures of `?debug`. */
export function panelOf(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== 'api');
  const [resource, , detail] = parts;
  if (resource === 'libraries') return detail === 'assets' ? 'grid' : detail === undefined ? 'libraries' : 'work';
  if (resource === 'assets') return detail === 'similar' || detail === 'tags' ? detail : 'viewer';
  return resource ?? 'other';
}

import type { AssetTag } from '../api/types';

/** What was typed, as names: separated by commas, each once. */
export function splitNames(text: string): string[] {
  const names = text.split(',').map((name) => name.trim()).filter((name) => name !== '');
  return names.filter((name, place) => names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) === place);
}

/** Whether a person gave it: what only the file says is changed in the file. */
export function isUsers(tag: AssetTag): boolean {
  return tag.sources.includes('user');
}

/** The query that finds all assets with a tag. */
export function tagQuery(name: string): string {
  return /[\s"]/.test(name) ? `tag:"${name.replaceAll(/["\\]/g, '\\$&')}"` : `tag:${name}`;
}

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Of tokens.css, each colour as light, dark; what is the same in both themes twice. */
const colours = new Map(
  [...readFileSync(new URL('tokens.css', import.meta.url), 'utf8').matchAll(/--([a-z-]+): (?:light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)|(#[0-9a-f]{6}));/g)].map(
    ([, name, light, dark, both]) => [name ?? '', [light ?? both ?? '', dark ?? both ?? '']] as const,
  ),
);

/** Relative luminance by WCAG 2. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((place) => {
    const share = parseInt(colour.slice(place, place + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

const text = 4.5;
const notText = 3;
const pairs: [one: string, on: string[], least: number][] = [
  ['ink', ['wall', 'surface', 'raised', 'case'], text],
  ['ink-soft', ['wall', 'surface', 'raised', 'case'], text],
  ['accent', ['wall', 'surface', 'raised'], text],
  ['accent-ink', ['accent'], text],
  ['danger', ['wall', 'surface', 'raised'], text],
  ['pace-slow', ['raised'], text],
  ['status-ready', ['raised'], text],
  ['room-ink', ['room'], text],
  ['room-ink-soft', ['room'], text],
  ['control-edge', ['wall', 'surface', 'raised'], notText],
  ['case-edge', ['wall'], notText],
  ['status-ready', ['surface', 'raised'], notText],
  ['status-embedding', ['surface', 'raised'], notText],
  ['status-indexed', ['surface', 'raised'], notText],
  ['status-failed', ['surface', 'raised'], notText],
  ['status-pending', ['surface', 'raised'], notText],
];

test.each(pairs.flatMap(([one, grounds, least]) => grounds.flatMap((on) => ['light', 'dark'].map((theme, place) => ({ one, on, theme, place, least })))))(
  '$one on $on can be told apart, $theme',
  ({ one, on, place, least }) => {
    const [front, ground] = [colours.get(one)?.[place], colours.get(on)?.[place]];
    expect(front).toMatch(/^#/);
    expect(ground).toMatch(/^#/);
    expect(contrast(front!, ground!)).toBeGreaterThanOrEqual(least);
  },
);

test.each(['pace-slow'])('%s is orange, in both themes', (name) => {
  for (const colour of colours.get(name) ?? []) {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16));
    const hue = (60 * (green - blue)) / (red - blue);
    expect(hue).toBeGreaterThan(20);
    expect(hue).toBeLessThan(40);
    expect((red - blue) / red).toBeGreaterThan(0.65);
  }
});

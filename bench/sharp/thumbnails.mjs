// Makes thumbnails as a plain script around sharp does: paths on standard input, each ended by NUL; WebP files into a folder.
// Usage: node thumbnails.mjs FOLDER LONG_SIDE QUALITY EFFORT IN_FLIGHT FIRST
// Prints "seconds for all, seconds for the first FIRST", from the first path read on.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

const [folder, ...numbers] = process.argv.slice(2);
const [side, quality, effort, inFlight, first] = numbers.map(Number);
const paths = readFileSync(0, 'utf8').split('\0').filter(Boolean);
sharp.cache(false); // no file comes twice

const began = performance.now();
let [next, done, firstDone] = [0, 0, 0];

async function work() {
  while (next < paths.length) {
    const at = next++;
    await sharp(paths[at])
      .autoOrient()
      .resize(side, side, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality, effort })
      .toFile(join(folder, `${at}.webp`));
    if (++done === first) firstDone = performance.now();
  }
}

await Promise.all(Array.from({ length: inFlight }, work));
console.log((performance.now() - began) / 1000, ((firstDone || performance.now()) - began) / 1000);

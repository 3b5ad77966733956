import { expect, test } from 'vitest';
import { isUsers, splitNames, tagQuery } from './tags';

test.each([
  ['dog', ['dog']],
  [' dog , New York,, DOG ', ['dog', 'New York']],
  [' , ', []],
])('%o is %o', (text, names) => expect(splitNames(text)).toEqual(names));

test('a tag that only the file says is not a person\'s', () => {
  expect(isUsers({ name: 'a', category: 'general', sources: ['file'] })).toBe(false);
  expect(isUsers({ name: 'a', category: 'general', sources: ['user', 'file'] })).toBe(true);
});

test('a name with a space or a quote is quoted', () => {
  expect(tagQuery('re:zero')).toBe('tag:re:zero');
  expect(tagQuery('a\\b')).toBe('tag:a\\b');
  expect(tagQuery('6" lens')).toBe('tag:"6\\" lens"');
  expect(tagQuery('"a \\"')).toBe('tag:"\\"a \\\\\\""');
  expect(tagQuery('dog')).toBe('tag:dog');
  expect(tagQuery('New York')).toBe('tag:"New York"');
});

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

test('a name with a space is quoted', () => {
  expect(tagQuery('dog')).toBe('tag:dog');
  expect(tagQuery('New York')).toBe('tag:"New York"');
});

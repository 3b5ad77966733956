import { describe as group, expect, test } from 'vitest';
import { ApiProblem, describe, describeRefresh, foreignAnswerOrNull, toProblem } from './problem';

group('toProblem', () => {
  test('problem details give title and detail', () => {
    const problem = toProblem(400, { title: 'The folder does not exist', detail: 'There is no folder at /x.' });
    expect(problem.title).toBe('The folder does not exist');
    expect(describe(problem)).toBe('There is no folder at /x.');
  });

  test('an answer without details names its status', () => {
    expect(toProblem(502, '<html>').message).toBe('The server answered 502');
  });

  test('a missing token says what to do', () => {
    expect(toProblem(401, {}).message).toContain('access token');
  });

  test('only an absent or overloaded server is worth asking again', () => {
    expect(new ApiProblem(0, '', '').isTransient).toBe(true);
    expect(new ApiProblem(503, '', '').isTransient).toBe(true);
    expect(new ApiProblem(404, '', '').isTransient).toBe(false);
  });
});

test('only a server that does not answer is gone; another one has said why', () => {
  expect(describeRefresh(new ApiProblem(0, 'Server gone', ''))).toBe('Server gone, reconnecting…');
  expect(describeRefresh(new ApiProblem(503, 'Unavailable', 'The database is not available.'))).toBe('The database is not available.');
});

test.each([
  ['a page in place of data', 200, 'text/html; charset=utf-8', true],
  ['data', 200, 'application/json', false],
  ['no content', 204, null, false],
  ['a page with an error, which is told as such', 502, 'text/html', false],
])('%s', (_, status, type, isForeign) => {
  const answer = new Response(null, { status, headers: type === null ? {} : { 'Content-Type': type } });
  const problem = foreignAnswerOrNull(answer);
  expect(problem !== null).toBe(isForeign);
  if (problem) expect(problem.isTransient).toBe(true);
});

import { describe as group, expect, test } from 'vitest';
import { ApiProblem, describe, toProblem } from './problem';

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

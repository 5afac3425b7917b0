import { describe, expect, it } from 'vitest';
import { RouteTable } from '@sluice/router';
import type { AmbiguousPaths, RouteDeclaration } from '@sluice/router';

type Path = NonNullable<RouteDeclaration['path']>;

describe('a declared path that no request can take', () => {
  it.each<[Path, string, string]>([
    [{ exact: '/a%7eb' }, '/a%7Eb', '/a~b'],
    [{ segmentPrefix: '/%40ops' }, '/%40ops', '/@ops'],
    [{ segmentPrefix: '/%40Ops', ignoreCase: true }, '/%40ops', '/@ops'],
    [{ exact: '/a//b' }, '/a//b', '/a/b'],
    [{ exact: '/a/../b' }, '/a/../b', '/b'],
    [{ exact: '/a%2fb' }, '/a%2Fb', '/a/b'],
    [{ prefix: '/a;' }, '/a;', '/a'],
    [{ prefix: '/a//' }, '/a//', '/a/'],
    [{ template: '/a;v=1/{id}' }, '/a;v=1/{id}', '/a/x'],
  ])('is refused: %j', (path, text, other) => {
    const problem = `routes[0]: expected a path that servers read in one way, or ambiguousPaths: keep, found "${text}", which may be "${other}"`;

    expect(problemsOf(path, 'refuse')).toEqual([problem]);
    expect(problemsOf(path, 'normalize')).toEqual([problem]);
    expect(problemsOf(path, 'keep')).toEqual([]);
  });

  it.each<Path>([
    { segmentPrefix: '/.well-known' },
    { prefix: '/.' },
    { prefix: '/a/..' },
    { prefix: '/%4' },
    { exact: '/caf%c3%a9' },
    { prefix: '/CAF%c3%a9', ignoreCase: true },
    { template: '/.well-known/{rest=**}' },
    { exact: '/@ops:(a)' },
    { regex: '/a%7Eb' },
  ])('is not one that servers read in one way: %j', (path) => {
    expect(problemsOf(path, 'refuse')).toEqual([]);
    expect(problemsOf(path, 'normalize')).toEqual([]);
  });
});

function problemsOf(path: Path, ambiguousPaths: AmbiguousPaths): readonly string[] {
  try {
    void new RouteTable({ routes: [{ path, origin: 'o' }], ambiguousPaths });
    return [];
  } catch (cause) {
    return (cause as { problems: readonly string[] }).problems;
  }
}

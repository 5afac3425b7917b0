import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PathSteps } from '../../src/files/path-steps.ts';

describe('PathSteps', () => {
  it('has the file and its folder', () => {
    const { root, stepsOf } = tree(['x/conf/a.pem'], {});

    expect(stepsOf('x/conf/a.pem')).toEqual(['x > conf', 'x/conf > a.pem']);
    expect(new PathSteps().of(root)).toEqual([
      { folder: dirname(dirname(root)), name: basename(dirname(root)) },
      { folder: dirname(root), name: basename(root) },
    ]);
  });

  it('has every link on the way, and what it leads to', () => {
    const { stepsOf } = tree(['rel/one/conf/a.pem'], {
      'app/current': '../rel/./one',
      'app/certs': 'current/conf',
    });

    expect(stepsOf('app/certs/a.pem')).toEqual([
      'app > certs',
      'app > current',
      'rel/one > conf',
      'rel/one/conf > a.pem',
    ]);
  });

  it('ends with the name that is missing', () => {
    const { stepsOf } = tree(['x/y/a.pem'], {});

    expect(stepsOf('x/z/conf/a.pem')).toEqual(['x > z']);
  });

  it('ends with links that lead in a circle', () => {
    const { stepsOf } = tree([], { a: 'b', b: 'a' });

    expect(new Set(stepsOf('a/conf/a.pem'))).toEqual(new Set([' > a', ' > b']));
  });
});

function tree(files: readonly string[], links: Readonly<Record<string, string>>) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-steps-')));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const pathOf = (name: string): string => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    return join(root, name);
  };
  for (const file of files) writeFileSync(pathOf(file), '');
  for (const [name, target] of Object.entries(links)) symlinkSync(target, pathOf(name));
  const stepsOf = (path: string): readonly string[] =>
    new PathSteps()
      .of(join(root, path))
      .map(({ folder, name }) => `${folder.slice(root.length + 1)} > ${name}`);
  return { root, stepsOf };
}

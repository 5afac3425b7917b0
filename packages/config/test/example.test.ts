import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { followOf, startOf } from './example.ts';
import { Folder } from './support/folder.ts';

it('is in the README as it is here', () => {
  const readme = readFileSync('packages/config/README.md', 'utf8');

  expect(readme).toContain(readFileSync('packages/config/test/example.ts', 'utf8'));
});

it('loads, refuses and follows a file', async () => {
  const folder = new Folder({ 'main.yaml': 'token: 0123456789abcdefg\nport: 1' });
  const ports: number[] = [];
  expect(await startOf(folder.file('main.yaml'))).toMatchObject({ port: 1, softLimit: 10 });

  const stop = await new Promise<() => void>((resolve) => {
    const stopped = followOf(folder.file('main.yaml'), (port) => {
      ports.push(port);
      void stopped.then(resolve);
    });
  });
  stop();
  folder.write('main.yaml', 'token: 0123456789abcdefg\nsoftLimit: 30');

  expect(ports).toEqual([1]);
  await expect(startOf(folder.file('main.yaml'))).rejects.toThrow(
    'main.yaml:2:12 softLimit: found 30, expected at most hardLimit. [limits]',
  );
});

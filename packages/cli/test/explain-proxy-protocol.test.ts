import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parseCommandLine } from '../src/command-line/command-line.ts';
import { explainConfig } from '../src/explain/explain-config.ts';
import { explainOptions } from '../src/explain/explain-options.ts';

it.each([
  [[], 'off'],
  [['--proxy-protocol', '10.0.0.0/8'], 'required'],
])('explain %j shows the PROXY protocol as %s', (args, mode) => {
  expect(modesIn(explainOptions(parseCommandLine(['explain', '--json', ...args])))).toEqual([mode]);
});

it('explain --config shows it for each listener', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-explain-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'gateway.yaml');
  writeFileSync(
    path,
    `listeners:
  - { address: '127.0.0.1:1', proxyProtocolFrom: [10.0.0.0/8] }
  - { address: '127.0.0.1:2' }`,
  );

  expect(modesIn(await explainConfig(path, 'json'))).toEqual(['required', 'off']);
});

interface ExplainedHandler {
  readonly name: string;
  readonly options: { readonly mode?: string };
}

/** What counts in each list that has the handler. */
function modesIn(json: string): readonly (string | undefined)[] {
  const lists = JSON.parse(json) as readonly { readonly handlers: readonly ExplainedHandler[] }[];
  const handlers = lists.flatMap((list) => list.handlers);
  return handlers.filter(({ name }) => name === 'elb-proxy-protocol').map(({ options }) => options.mode);
}

import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { components } from '@sluice/cli/config';
import { readConfig } from '@sluice/config';
import type { ConfigSource } from '@sluice/config';
import { Filter } from '@sluice/filters';
import { gatewayConfigDefinition } from '@sluice/gateway/config';
import { findingsOf, folderWith, load } from './support.ts';

const GATEWAY = "plugins: [./plugin.js]\nlisteners: [{ address: 'a:1' }]\n";

it.each([
  [
    'throw new Error("broken");',
    '1:11 plugins[0]: found the plugin "./plugin.js": it can\'t be imported: broken',
  ],
  [
    'export class Other {}\nexport const x = 1;',
    '1:11 plugins[0]: found the plugin "./plugin.js": expected a module that exports a class with @Handler or @Filter; it exports Other, x ("./plugin.js").',
  ],
  [
    '',
    '1:11 plugins[0]: found the plugin "./plugin.js": expected a module that exports a class with @Handler or @Filter; it exports nothing ("./plugin.js").',
  ],
])('says what is wrong with a plugin of %j', async (source, expected) => {
  expect(await findingsOf(GATEWAY, { 'plugin.js': source, 'package.json': '{ "type": "module" }' })).toEqual([
    expected,
  ]);
});

it('says which plugin is not there', async () => {
  const [file, name] = await findingsOf(
    "plugins: [./none.js, no-such-package-here]\nlisteners: [{ address: 'a:1' }]",
  );

  expect(file).toContain('1:11 plugins[0]: found the plugin "./none.js": there is no file /');
  expect(name).toContain('1:22 plugins[1]: found the plugin "no-such-package-here": it can\'t be imported:');
});

it.each([
  ['for both', 'plug', '{ "main": "index.cjs" }', 'index.cjs'],
  ['for import alone', 'plug', '{ "type": "module", "exports": { "import": "./lib.js" } }', 'lib.js'],
  [
    'in a scope, by path',
    '@own/plug/more',
    '{ "type": "module", "exports": { "./more": { "node": { "import": "./lib.js" } } } }',
    'lib.js',
  ],
])('finds a package that is installed beside the file: %s', async (_what, plugin, manifest, entry) => {
  const folder = `node_modules/${plugin.replace('/more', '')}`;
  const [finding] = await findingsOf(`plugins: ['${plugin}']\nlisteners: [{ address: 'a:1' }]`, {
    [`${folder}/package.json`]: manifest,
    [`${folder}/${entry}`]: entry.endsWith('.cjs') ? 'exports.found = 1;' : 'export const found = 1;',
  });

  // It is there, and has nothing to be a plugin for.
  expect(finding).toContain('expected a module that exports a class with @Handler or @Filter; it exports');
  expect(finding).toContain('found');
});

it('knows no plugin where none is named', async () => {
  const { registry } = await load("listeners: [{ address: 'a:1' }]");

  expect(registry).toBe(components);
});

it.each([
  ['without a plugin', ''],
  ['with a plugin', 'plugins: [./plugin.js]'],
])('makes the schema and its checks once for all loads, %s', async (_what, text) => {
  const source = sourceOf(`${text}\nlisteners: [{ address: 'a:1' }]`);
  const definition = gatewayConfigDefinition(components);

  const first = await definition(source, fail);
  const second = await definition(source, fail);

  // Not by toBe, which prints what is not the same, and zod has getters that throw.
  expect(second === first).toBe(true);
});

@Filter({ type: 'inbound' })
class PluggedFilter {
  apply(): void {}
}

function fail({ message }: { readonly message: string }): void {
  throw new Error(message);
}

/** Of a file beside a plugin, which gets its class from here: a package that it imports would be another copy. */
function sourceOf(text: string): ConfigSource {
  Object.assign(globalThis, { PluggedFilter });
  onTestFinished(() => void Reflect.deleteProperty(globalThis, 'PluggedFilter'));
  const folder = folderWith({
    'main.yaml': text,
    'plugin.js': 'export const plugged = globalThis.PluggedFilter;',
    'package.json': '{ "type": "module" }',
  });
  return readConfig(join(folder, 'main.yaml'));
}

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ConfigSource, CheckFinding } from '@sluice/config';
import { loadedCopies } from '@sluice/core';
import { isFilterClass } from '@sluice/filters';
import { isHandlerClass } from '@sluice/inject';
import type { ComponentRegistry } from './component-registry.ts';
import { locatePlugin } from './locate-plugin.ts';

/** The copy of our packages that a plugin brought with its import, by the plugin's URL. No `instanceof` of it would ever be true. */
const copyOf = new Map<string, string>();

type Report = (finding: CheckFinding) => void;

/**
 * Imports the plugins that a configuration names, npm packages or files relative to the file that
 * names them, and adds the classes with `@Handler` and `@Filter` that they export. What fails is reported.
 */
export async function loadPlugins(
  source: ConfigSource,
  registry: ComponentRegistry,
  report: Report,
): Promise<ComponentRegistry> {
  const plugins = source.get(['plugins']);
  if (!Array.isArray(plugins)) return registry;
  let known = registry;
  for (const [index, plugin] of (plugins as unknown[]).entries()) {
    if (typeof plugin !== 'string') continue;
    const path = ['plugins', index];
    try {
      const from = source.markAt(path).file.path;
      known = withPlugin(known, plugin, await importPlugin(plugin, from));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      report({ severity: 'error', path, message: `found the plugin ${JSON.stringify(plugin)}: ${why}` });
    }
  }
  return known;
}

/** Registries with the exports of a module, by the one without: the same for each load, so that what is made of it lasts. */
const extended = new WeakMap<ComponentRegistry, WeakMap<object, ComponentRegistry>>();

function withPlugin(
  registry: ComponentRegistry,
  plugin: string,
  exports: Readonly<Record<string, unknown>>,
): ComponentRegistry {
  const byExports = extended.get(registry) ?? new WeakMap<object, ComponentRegistry>();
  extended.set(registry, byExports);
  const known = byExports.get(exports) ?? withExports(registry, plugin, exports);
  byExports.set(exports, known);
  return known;
}

function withExports(
  registry: ComponentRegistry,
  plugin: string,
  exports: Readonly<Record<string, unknown>>,
): ComponentRegistry {
  let known = registry;
  let isEmpty = true;
  for (const [name, value] of Object.entries(exports)) {
    const isHandler = isHandlerClass(value);
    if (!isHandler && !isFilterClass(value)) continue;
    isEmpty = false;
    try {
      known = isHandler ? known.with([value], []) : known.with([], [value]);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`its export ${name}: ${why}`, { cause });
    }
  }
  if (!isEmpty) return known;
  const names = Object.keys(exports);
  const has = names.length === 0 ? 'it exports nothing' : `it exports ${names.join(', ')}`;
  throw new Error(`expected a module that exports a class with @Handler or @Filter; ${has} ("${plugin}").`);
}

async function importPlugin(plugin: string, from: string): Promise<Readonly<Record<string, unknown>>> {
  const url = locatePlugin(plugin, from);
  const before = loadedCopies();
  const exports = await imported(url);
  const other = loadedCopies().find((copy) => !before.includes(copy));
  if (other !== undefined) copyOf.set(url, other);
  const copy = copyOf.get(url);
  if (copy === undefined) return exports;
  throw new Error(
    `it brings a copy of @sluice/core of its own, ${copy}, to which what this gateway makes is unknown. ` +
      'Run a gateway that is installed with the plugin: npm install @sluice/cli beside it, then npx sluice.',
  );
}

async function imported(url: string): Promise<Readonly<Record<string, unknown>>> {
  if (url.startsWith('file:') && !existsSync(new URL(url)))
    throw new Error(`there is no file ${fileURLToPath(url)}`);
  try {
    return (await import(url)) as Record<string, unknown>;
  } catch (cause) {
    const { message } = cause as Error;
    throw new Error(`it can't be imported: ${message.split('\n')[0] ?? message}`, { cause });
  }
}

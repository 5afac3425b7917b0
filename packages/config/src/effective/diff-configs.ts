import { isDeepStrictEqual } from 'node:util';
import type { LoadedConfig } from '../loaded-config.ts';
import { describeValue } from '../validate/describe-value.ts';
import { formatPath } from '../source/config-path.ts';
import type { ConfigPath } from '../source/config-path.ts';
import { MASK } from './secrets.ts';

/** One value that another configuration has otherwise. */
export interface ConfigChange {
  readonly kind: 'added' | 'removed' | 'changed';
  /** As people write it; what has a name stands by it: `origins[api].servers[0]`. */
  readonly path: string;
  /** As errors show it, secrets as `***`; undefined for what was added. */
  readonly before: string | undefined;
  /** Undefined for what was removed. */
  readonly after: string | undefined;
}

/** A value with its path in its own configuration. */
interface Side {
  readonly value: unknown;
  readonly path: ConfigPath;
}

/** What has changed from one configuration to the next, for a log. */
export function diffConfigs<Config>(
  before: LoadedConfig<Config>,
  after: LoadedConfig<Config>,
): readonly ConfigChange[] {
  return new ConfigDiff(before, after).changes();
}

class ConfigDiff {
  readonly #before: LoadedConfig<unknown>;
  readonly #after: LoadedConfig<unknown>;
  readonly #changes: ConfigChange[] = [];

  constructor(before: LoadedConfig<unknown>, after: LoadedConfig<unknown>) {
    this.#before = before;
    this.#after = after;
  }

  changes(): readonly ConfigChange[] {
    this.#compare({ value: this.#before.value, path: [] }, { value: this.#after.value, path: [] }, '');
    return this.#changes;
  }

  #compare(before: Side | undefined, after: Side | undefined, shown: string): void {
    if (isDeepStrictEqual(before?.value, after?.value)) return;
    const [old, now] = [before && childrenOf(before, after), after && childrenOf(after, before)];
    if (old === undefined || now === undefined) {
      this.#add(before, after, shown);
      return;
    }
    for (const key of new Set([...old.keys(), ...now.keys()]))
      this.#compare(old.get(key), now.get(key), shown + key);
  }

  #add(before: Side | undefined, after: Side | undefined, shown: string): void {
    const old = before?.value === undefined ? undefined : show(before, this.#before);
    const now = after?.value === undefined ? undefined : show(after, this.#after);
    const kind = old === undefined ? 'added' : now === undefined ? 'removed' : 'changed';
    // Names in a path are values too.
    const path = this.#after.hideSecrets(this.#before.hideSecrets(shown));
    this.#changes.push({ kind, path: path.replace(/^\./, '') || formatPath([]), before: old, after: now });
  }
}

function show({ value, path }: Side, config: LoadedConfig<unknown>): string {
  return config.isSecret(path) ? MASK : describeValue(value);
}

/** The parts of a map, or of a list, by how people write the step to them; undefined for a single value. */
function childrenOf({ value, path }: Side, other: Side | undefined): ReadonlyMap<string, Side> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) {
    return new Map(
      Object.entries(value).map(([key, each]) => [
        `.${key}`,
        { value: each as unknown, path: [...path, key] },
      ]),
    );
  }
  const isNamed = hasNames(value) && hasNames(other?.value);
  return new Map(
    value.map((item: unknown, index) => [
      isNamed ? `[${nameOf(item) ?? ''}]` : `[${index}]`,
      { value: item, path: [...path, index] },
    ]),
  );
}

function hasNames(list: unknown): boolean {
  if (!Array.isArray(list)) return false;
  const names = list.map(nameOf);
  return !names.includes(undefined) && new Set(names).size === names.length;
}

function nameOf(item: unknown): string | undefined {
  const name = (item as { name?: unknown } | null | undefined)?.name;
  return typeof name === 'string' ? name : undefined;
}

import { scalarsOf } from '../source/config-node.ts';
import type { ScalarNode } from '../source/config-node.ts';
import type { ConfigPath } from '../source/config-path.ts';
import type { ConfigSource } from '../source/config-source.ts';
import type { Mark } from '../source/source-file.ts';
import { mapLeaves } from './map-leaves.ts';

/** What stands in the place of a secret. */
export const MASK = '***';

// A shorter one is hidden where it stands alone: gaps in other words would tell what it is.
const MIN_PART_LENGTH = 4;

/**
 * What of a configuration is shown to nobody: by its place in the configuration, and by its text
 * wherever that has come to, as in a message or in what was made of the configuration.
 */
export class Secrets {
  readonly #source: ConfigSource;
  readonly #isSecret: (path: ConfigPath) => boolean;
  /** Made when first asked for: it takes a look at every value. */
  #pattern: RegExp | undefined = undefined;

  constructor(source: ConfigSource, isSecret: (path: ConfigPath) => boolean) {
    this.#source = source;
    this.#isSecret = isSecret;
  }

  /** Where they are written into the files themselves. */
  get marks(): readonly Mark[] {
    return this.#nodes().map(({ mark }) => mark);
  }

  /** Whether the value at the end of a path is one, or has one in it. */
  has(path: ConfigPath): boolean {
    return this.#isSecret(path);
  }

  /** A copy of the configuration's value without them. */
  mask(value: unknown): unknown {
    return mapLeaves(value, (leaf, path) => (this.#isSecret(path) ? MASK : leaf));
  }

  /** A text, or a copy of plain data, with `***` where the text of a secret was. */
  hide<Value>(value: Value): Value {
    const pattern = (this.#pattern ??= patternOf(this.#nodes()));
    const hidden = (leaf: unknown): unknown =>
      typeof leaf === 'string' ? leaf.replaceAll(pattern, MASK) : leaf;
    return mapLeaves(value, hidden) as Value;
  }

  #nodes(): readonly ScalarNode[] {
    return scalarsOf(this.#source.root).flatMap(({ node, path }) => (this.#isSecret(path) ? [node] : []));
  }
}

/** Finds the values and what secrets' files brought into them, the longest first, so that no rest of one is left. */
function patternOf(nodes: readonly ScalarNode[]): RegExp {
  const texts = nodes.flatMap(({ value, secrets }) => [
    ...(isTelling(value) ? [String(value)] : []),
    ...secrets,
  ]);
  const trimmed = texts.map((text) => text.trim()).filter((text) => text !== '');
  // Messages quote a text as JSON does.
  const quoted = trimmed.map((text) => JSON.stringify(text).slice(1, -1));
  const longestFirst = [...new Set([...quoted, ...trimmed])].toSorted((a, b) => b.length - a.length);
  // Hosts and names of header fields are compared in lower case, and shown so.
  return new RegExp(longestFirst.map(expressionOf).join('|') || '(?!)', 'gi');
}

/** A switch or nothing is no text to look for. */
function isTelling(value: ScalarNode['value']): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

function expressionOf(text: string): string {
  const escaped = text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
  return text.length < MIN_PART_LENGTH ? `(?<!\\w)${escaped}(?!\\w)` : escaped;
}

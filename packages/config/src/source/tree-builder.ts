import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Document, Node, Scalar as YamlScalar, YAMLMap } from 'yaml';
import type { MarkedFinding } from '../finding.ts';
import type { ConfigNode, MapEntry, Scalar, ScalarNode } from './config-node.ts';
import type { ConfigPath } from './config-path.ts';
import { Mark } from './source-file.ts';
import type { SourceFile } from './source-file.ts';
import { substitute } from './substitute.ts';
import type { Substitutes } from './substitute.ts';
import type { ValueBudget } from './value-budget.ts';

interface Place {
  readonly path: ConfigPath;
  readonly isAliased: boolean;
  /** The anchored nodes that are being built: an alias to one of them would never end. */
  readonly open: readonly Node[];
}

/** Makes the tree of one parsed file: aliases are followed, `${…}` is replaced, keys are checked. */
export class TreeBuilder {
  readonly #file: SourceFile;
  readonly #document: Document.Parsed;
  readonly #substitutes: Substitutes;
  readonly #budget: ValueBudget;
  readonly #findings: MarkedFinding[];
  #isExhausted = false;

  constructor(
    file: SourceFile,
    document: Document.Parsed,
    substitutes: Substitutes,
    budget: ValueBudget,
    findings: MarkedFinding[],
  ) {
    this.#file = file;
    this.#document = document;
    this.#substitutes = substitutes;
    this.#budget = budget;
    this.#findings = findings;
  }

  build(): ConfigNode {
    return this.#node(this.#document.contents, { path: [], isAliased: false, open: [] }, this.#mark(0));
  }

  #node(node: unknown, place: Place, otherwise: Mark): ConfigNode {
    const mark = markOf(node, this.#file) ?? otherwise;
    if (this.#isExhausted) return nothing(mark);
    const excess = this.#budget.take(place.isAliased, place.path.length);
    if (excess !== undefined) {
      this.#isExhausted = true;
      return this.#fault(mark, place.path, excess);
    }
    if (isAlias(node)) return this.#alias(node.resolve(this.#document), node.source, place, mark);
    if (isMap(node)) return this.#map(node, within(place, node), mark);
    if (isSeq(node)) {
      const inside = within(place, node);
      const items = node.items.map((item, index) => this.#node(item, stepTo(inside, index), mark));
      return { kind: 'list', mark, items };
    }
    return isScalar(node) ? this.#scalar(node, place, mark) : nothing(mark);
  }

  #alias(target: Node | undefined, name: string, place: Place, mark: Mark): ConfigNode {
    if (target === undefined)
      return this.#fault(mark, place.path, `found the alias *${name}, but there is no &${name} before it`);
    if (place.open.includes(target))
      return this.#fault(mark, place.path, `found the alias *${name} inside of what it stands for`);
    return this.#node(target, { ...place, isAliased: true }, mark);
  }

  #map(map: YAMLMap, place: Place, mark: Mark): ConfigNode {
    const entries = new Map<string, MapEntry>();
    for (const pair of map.items) {
      const key = markOf(pair.key, this.#file) ?? mark;
      const name = this.#keyName(pair.key, key, place.path);
      if (name === undefined) continue;
      const path = [...place.path, name];
      const earlier = entries.get(name);
      if (earlier !== undefined) this.#duplicate(earlier.key, key, path);
      else entries.set(name, { key, value: this.#node(pair.value, { ...place, path }, key) });
    }
    return { kind: 'map', mark, entries };
  }

  #keyName(key: unknown, mark: Mark, path: ConfigPath): string | undefined {
    const value = isScalar(key) ? key.value : undefined;
    const isName = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    // An own property of this name is lost or worse in most code that copies objects.
    if (isName && String(value) !== '__proto__') return String(value);
    this.#fault(
      mark,
      path,
      isName ? 'found the key "__proto__", expected any other' : 'expected a text as key',
    );
    return undefined;
  }

  #duplicate(earlier: Mark, later: Mark, path: ConfigPath): void {
    const { line, column } = earlier.position();
    this.#fault(later, path, `found this key a second time; the first is in line ${line}, column ${column}`);
  }

  #scalar(node: YamlScalar, { path }: Place, mark: Mark): ScalarNode {
    const value = scalarValue(node.value);
    if (typeof value !== 'string') return { ...nothing(mark), value };
    const { text, isSubstituted, secrets, faults } = substitute(value, this.#substitutes);
    for (const { index, message } of faults) this.#fault(this.#inside(mark, node, index), path, message);
    return { kind: 'scalar', mark, value: text, isSubstituted, secrets };
  }

  /** The place of a `${` in a scalar, where escapes and line folding have not moved it. */
  #inside(mark: Mark, { type }: YamlScalar, index: number): Mark {
    const quote = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE' ? 1 : 0;
    const offset = mark.offset + quote + index;
    return this.#file.text.startsWith('${', offset) ? this.#mark(offset) : mark;
  }

  #fault(mark: Mark, path: ConfigPath, message: string): ScalarNode {
    this.#findings.push({ severity: 'error', path, mark, message });
    return nothing(mark);
  }

  #mark(offset: number): Mark {
    return new Mark(this.#file, offset);
  }
}

function within(place: Place, node: Node): Place {
  return { ...place, open: [...place.open, node] };
}

function stepTo(place: Place, step: string | number): Place {
  return { ...place, path: [...place.path, step] };
}

function markOf(node: unknown, file: SourceFile): Mark | undefined {
  const range = (node as Node | undefined)?.range;
  return range ? new Mark(file, range[0]) : undefined;
}

function scalarValue(value: unknown): Scalar {
  const isScalarValue = ['string', 'number', 'boolean'].includes(typeof value);
  return isScalarValue ? (value as Scalar) : null;
}

function nothing(mark: Mark): ScalarNode {
  return { kind: 'scalar', mark, value: null, isSubstituted: false, secrets: [] };
}

import { SluiceError } from '@sluice/core';
import { upperHex } from './path-readings.ts';

/** What one segment of a template takes. */
export interface TemplateSegment {
  readonly kind: 'literal' | 'one' | 'rest';
  /** The text of a literal, or the name of a parameter; empty for one without a name. */
  readonly text: string;
}

// `*` and `**`, `{name}`, `{name=*}`, `{name=**}`.
const VARIABLE = /^(?:(?<bare>\*{1,2})|\{(?<name>[a-z_]\w*)(?:=(?<kind>\*{1,2}))?\})$/i;

/**
 * A path with parameters: `/users/{id}/posts/{rest=**}`. `{id}` and `*` take one segment that is not
 * empty; `{rest=**}` and `**` take all behind their slash, which may be nothing, and come last.
 */
export class PathTemplate {
  readonly text: string;
  readonly ignoreCase: boolean;
  /** Literals have hex digits behind `%` in upper case; all is in lower case when case does not matter. */
  readonly segments: readonly TemplateSegment[];
  /** The names of its parameters, in their order. */
  readonly names: readonly string[];

  /** Throws a {@link SluiceError} that says what is wrong with the text. */
  constructor(text: string, ignoreCase = false) {
    this.text = text;
    this.ignoreCase = ignoreCase;
    this.segments = parse(text, ignoreCase);
    this.names = this.segments.flatMap(({ kind, text }) => (kind === 'literal' || text === '' ? [] : [text]));
    const twice = this.names.find((name, at) => this.names.indexOf(name) !== at);
    if (twice !== undefined) throw invalid(`one parameter named "${twice}"`);
  }

  /** What stands before the first parameter. */
  get literalStart(): string {
    const first = this.segments.findIndex(({ kind }) => kind !== 'literal');
    const literals = first === -1 ? this.segments : this.segments.slice(0, first);
    const start = literals.map(({ text }) => `/${text}`).join('');
    return first === -1 ? start : `${start}/`;
  }

  matches(path: string): boolean {
    return this.#walk(path, undefined);
  }

  /** The values of the parameters, not decoded; undefined when the path does not match. */
  parameters(path: string): ReadonlyMap<string, string> | undefined {
    const values = new Map<string, string>();
    return this.#walk(path, values) ? values : undefined;
  }

  #walk(path: string, values: Map<string, string> | undefined): boolean {
    let at = 0;
    for (const { kind, text } of this.segments) {
      if (path.charAt(at) !== '/') return false;
      const slash = kind === 'rest' ? -1 : path.indexOf('/', at + 1);
      const end = slash === -1 ? path.length : slash;
      const value = path.slice(at + 1, end);
      if (kind === 'literal' && value !== text && !this.#isSame(value, text)) return false;
      if (kind === 'one' && value === '') return false;
      if (kind !== 'literal' && text !== '') values?.set(text, value);
      at = end;
    }
    return at === path.length;
  }

  #isSame(value: string, literal: string): boolean {
    return (this.ignoreCase ? value.toLowerCase() : upperHex(value)) === literal;
  }
}

function parse(text: string, ignoreCase: boolean): readonly TemplateSegment[] {
  if (!text.startsWith('/')) throw invalid('a path that begins with "/"');
  const parts = text.slice(1).split('/');
  return parts.map((part, at) => {
    const groups = VARIABLE.exec(part)?.groups;
    if (groups === undefined) {
      if (/[{}*]/.test(part)) throw invalid(`a whole segment or {name} or {name=**} in place of "${part}"`);
      return { kind: 'literal', text: ignoreCase ? part.toLowerCase() : upperHex(part) };
    }
    const isRest = (groups['kind'] ?? groups['bare']) === '**';
    if (isRest && at < parts.length - 1) throw invalid(`"${part}" at the end`);
    return { kind: isRest ? 'rest' : 'one', text: groups['name'] ?? '' };
  });
}

function invalid(expected: string): SluiceError {
  return new SluiceError('SLUICE_PATH_TEMPLATE', `expected ${expected}`);
}

import { PathTemplate } from './path-template.ts';
import { upperHex } from './path-readings.ts';
import { compileRegex } from './regex.ts';
import type { Regex } from './regex.ts';

/** How a path is compared. */
export type PathKind = 'exact' | 'prefix' | 'segmentPrefix' | 'template' | 'regex';

/** The path that a route wants; the path of a request is given without its query, as it will be sent. */
export class PathMatcher {
  readonly kind: PathKind;
  /**
   * As declared, with hex digits behind `%` in upper case; all in lower case when case does not matter.
   * A regex or template is as declared.
   */
  readonly text: string;
  readonly ignoreCase: boolean;
  /** Of the kind `template` alone. */
  readonly template: PathTemplate | undefined;
  readonly #regex: Regex | undefined;

  /** Throws a SluiceError for a template or regular expression that is none. */
  constructor(kind: PathKind, text: string, ignoreCase = false) {
    const isLiteral = kind !== 'regex' && kind !== 'template';
    this.kind = kind;
    this.text = isLiteral ? compared(text, ignoreCase) : text;
    this.ignoreCase = ignoreCase;
    this.template = kind === 'template' ? new PathTemplate(text, ignoreCase) : undefined;
    this.#regex = kind === 'regex' ? compileRegex(text, ignoreCase) : undefined;
  }

  /** Whether every path matches. */
  get isAny(): boolean {
    return this.text === '/' && (this.kind === 'prefix' || this.kind === 'segmentPrefix');
  }

  matches(path: string): boolean {
    if (this.kind === 'template') return this.template?.matches(path) ?? false;
    if (this.kind === 'regex') return this.#regex?.testExact(upperHex(path)) ?? false;
    const text = compared(path, this.ignoreCase);
    if (this.kind === 'exact') return text === this.text;
    return this.kind === 'prefix' ? text.startsWith(this.text) : this.#isAtOrBelow(text);
  }

  toString(): string {
    return `${this.kind} ${this.text}${this.ignoreCase ? ' in any case' : ''}`;
  }

  #isAtOrBelow(path: string): boolean {
    if (this.isAny) return true;
    return (
      path.startsWith(this.text) &&
      (path.length === this.text.length || path.charAt(this.text.length) === '/')
    );
  }
}

function compared(path: string, ignoreCase: boolean): string {
  return ignoreCase ? path.toLowerCase() : upperHex(path);
}

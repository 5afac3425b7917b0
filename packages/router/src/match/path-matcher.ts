import { PathTemplate } from './path-template.ts';
import { compileRegex } from './regex.ts';
import type { Regex } from './regex.ts';

/** How a path is compared. */
export type PathKind = 'exact' | 'prefix' | 'segmentPrefix' | 'template' | 'regex';

/** The path that a route wants; the path of a request is given without its query, as it will be sent. */
export class PathMatcher {
  readonly kind: PathKind;
  /** As declared; in lower case when case does not matter, but for a regex and a template. */
  readonly text: string;
  readonly ignoreCase: boolean;
  /** Of the kind `template` alone. */
  readonly template: PathTemplate | undefined;
  readonly #regex: Regex | undefined;

  /** Throws a SluiceError for a template or regular expression that is none. */
  constructor(kind: PathKind, text: string, ignoreCase = false) {
    const isFolded = ignoreCase && kind !== 'regex' && kind !== 'template';
    this.kind = kind;
    this.text = isFolded ? text.toLowerCase() : text;
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
    if (this.kind === 'regex') return this.#regex?.testExact(path) ?? false;
    const compared = this.ignoreCase ? path.toLowerCase() : path;
    if (this.kind === 'exact') return compared === this.text;
    return this.kind === 'prefix' ? compared.startsWith(this.text) : this.#isAtOrBelow(compared);
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

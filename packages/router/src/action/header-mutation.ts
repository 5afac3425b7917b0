import { utf8ToLatin1 } from '@sluice/codec-http';
import type { HttpHeaders } from '@sluice/codec-http';

/** What to do to the fields of a message: remove, then set, then add. */
export interface HeaderMutationConfig {
  readonly remove?: readonly string[] | undefined;
  readonly set?: Readonly<Record<string, string>> | undefined;
  readonly add?: Readonly<Record<string, string>> | undefined;
}

type Change = readonly [operation: 'remove' | 'set' | 'add', name: string, value: string];

/** Changes to the fields of requests or responses. */
export class HeaderMutation {
  readonly #changes: readonly Change[];

  /** The levels are applied one after the other, so that the last has the last word. */
  constructor(levels: readonly (HeaderMutationConfig | undefined)[]) {
    this.#changes = levels.flatMap((level) => (level === undefined ? [] : changesOf(level)));
  }

  get isEmpty(): boolean {
    return this.#changes.length === 0;
  }

  apply(headers: HttpHeaders): void {
    for (const [operation, name, value] of this.#changes) {
      if (operation === 'remove') headers.delete(name);
      else headers[operation](name, value);
    }
  }
}

function changesOf({ remove = [], set = {}, add = {} }: HeaderMutationConfig): readonly Change[] {
  return [
    ...remove.map((name): Change => ['remove', name, '']),
    ...Object.entries(set).map(([name, value]): Change => ['set', name, utf8ToLatin1(value)]),
    ...Object.entries(add).map(([name, value]): Change => ['add', name, utf8ToLatin1(value)]),
  ];
}

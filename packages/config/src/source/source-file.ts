import { LineCounter } from 'yaml';

/** A place in a file, line and column from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The line as it is written; undefined where it may hold a secret. */
  readonly text: string | undefined;
}

/** One file of a configuration, as it was read. */
export class SourceFile {
  /** As people see it: as it was given, or relative to the file that includes it. */
  readonly name: string;
  /** Absolute, without symbolic links. */
  readonly path: string;
  readonly text: string;
  /** When it was read, from 0: errors are sorted by it. */
  readonly order: number;
  readonly lines = new LineCounter();

  constructor(name: string, path: string, text: string, order: number) {
    this.name = name;
    this.path = path;
    this.text = text;
    this.order = order;
  }
}

/** A place in a file, before anyone needs its line. */
export class Mark {
  readonly file: SourceFile;
  readonly offset: number;

  constructor(file: SourceFile, offset: number) {
    this.file = file;
    this.offset = offset;
  }

  position(isSecret = false): Position {
    const { name, lines, text } = this.file;
    // Before the first line is parsed there is none.
    const { line, col } = lines.lineStarts.length === 0 ? { line: 1, col: 1 } : lines.linePos(this.offset);
    const shown = isSecret ? undefined : text.split(/\r?\n/, line)[line - 1];
    return { file: name, line: Math.max(line, 1), column: Math.max(col, 1), text: shown };
  }

  /** The same for all places in one line of one file, and for no other. */
  get line(): string {
    return `${this.file.order}:${this.position(true).line}`;
  }

  static compare(a: Mark, b: Mark): number {
    return a.file.order - b.file.order || a.offset - b.offset;
  }
}

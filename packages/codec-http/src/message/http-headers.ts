import { Buffer } from 'node:buffer';
import { latin1Slice, writeLatin1 } from '../grammar/latin1.ts';
import { hasToken } from '../grammar/list-tokens.ts';
import { COLON, CR, LF, LOWER, SP } from '../grammar/octets.ts';
import { FieldLine } from './field-line.ts';
import { requireFieldName } from './field-validation.ts';
import type { FieldNameSet } from './field-name-set.ts';
import type { HeaderFields } from './header-fields.ts';
import { InvalidHeaderError } from './invalid-header-error.ts';

const NO_BYTES: Buffer = Buffer.alloc(0);
const NO_LINES: FieldLine[] = [];

/** Numbers in `#spans` for each field. */
const STRIDE = 4;

/**
 * The fields of a message in the order of the wire: a multimap whose names are compared without
 * case and written as they were given. Text is latin1 both ways.
 *
 * Received fields stay spans over the received bytes. They are decoded when somebody asks, and
 * those that nobody changed are written as they came. Framing and connection fields are not in
 * here; they are properties of the message.
 */
export class HttpHeaders implements Iterable<readonly [name: string, value: string]> {
  readonly #bytes: Buffer;
  // For each field: name start, name end, value start, value end in #bytes; or, for a field that
  // was set, ~index in #lines, and three unused numbers.
  #spans: number[];
  #lines: FieldLine[];
  #shared: boolean;
  readonly #frozen: boolean;

  /** Makes an empty map. The parameters are for the decoder. */
  constructor(bytes: Buffer = NO_BYTES, spans: number[] = [], frozen = false) {
    this.#bytes = bytes;
    this.#spans = spans;
    this.#lines = NO_LINES;
    this.#shared = true;
    this.#frozen = frozen;
  }

  /** Makes a map of fields; throws an InvalidHeaderError like {@link add}. */
  static of(fields: HeaderFields): HttpHeaders {
    const headers = new HttpHeaders();
    const entries = Symbol.iterator in fields ? fields : Object.entries(fields);
    for (const [name, value] of entries) headers.add(name, value);
    return headers;
  }

  /** The number of fields; several fields of one name count as many. */
  get size(): number {
    return this.#spans.length / STRIDE;
  }

  /** The value of the first field of this name. */
  get(name: string): string | undefined {
    const at = this.#find(name, 0);
    return at === -1 ? undefined : this.#valueAt(at);
  }

  /** The values of all fields of this name, in order. */
  getAll(name: string): string[] {
    const values: string[] = [];
    for (let at = this.#find(name, 0); at !== -1; at = this.#find(name, at + STRIDE)) {
      values.push(this.#valueAt(at));
    }
    return values;
  }

  has(name: string): boolean {
    return this.#find(name, 0) !== -1;
  }

  /** Whether a comma-separated list in the fields of this name has the token, in any case. */
  containsToken(name: string, token: string): boolean {
    const lower = token.toLowerCase();
    for (let at = this.#find(name, 0); at !== -1; at = this.#find(name, at + STRIDE)) {
      if (hasToken(this.#valueAt(at), lower)) return true;
    }
    return false;
  }

  /** Puts one field in the place of all fields of this name. Throws an InvalidHeaderError. */
  set(name: string, value: string): this {
    const number = this.#store(new FieldLine(name, value));
    const at = this.#find(name, 0);
    if (at === -1) {
      this.#spans.push(number, 0, 0, 0);
      return this;
    }
    this.#spans[at] = number;
    this.#deleteFrom(name, at + STRIDE);
    return this;
  }

  /** Appends a field, whether or not there are others of this name. Throws an InvalidHeaderError. */
  add(name: string, value: string): this {
    return this.addLine(new FieldLine(name, value));
  }

  /** As {@link add}, of a field that is made once for many messages. */
  addLine(line: FieldLine): this {
    const number = this.#store(line);
    this.#spans.push(number, 0, 0, 0);
    return this;
  }

  /** Removes all fields of this name; returns whether there were any. Throws an InvalidHeaderError. */
  delete(name: string): boolean {
    requireFieldName(name);
    const at = this.#find(name, 0);
    if (at === -1) return false;
    this.#own();
    this.#deleteFrom(name, at);
    return true;
  }

  /**
   * Removes all fields whose name is in the set; returns whether there were any. `ofSet`: the names to look for
   * among the fields that were not received but set or added here. Default: the same.
   */
  deleteAll(names: FieldNameSet, ofSet: FieldNameSet = names): boolean {
    const before = this.#spans.length;
    for (let at = before - STRIDE; at >= 0; at -= STRIDE) {
      if (!this.#isIn(names, ofSet, at)) continue;
      this.#own();
      this.#spans.splice(at, STRIDE);
    }
    return this.#spans.length < before;
  }

  /** The distinct names in lower case, in the order in which they first occur. */
  names(): string[] {
    const names = new Set<string>();
    for (let at = 0; at < this.#spans.length; at += STRIDE) names.add(this.#nameAt(at).toLowerCase());
    return [...names];
  }

  *entries(): IterableIterator<readonly [name: string, value: string]> {
    for (let at = 0; at < this.#spans.length; at += STRIDE) yield [this.#nameAt(at), this.#valueAt(at)];
  }

  [Symbol.iterator](): IterableIterator<readonly [name: string, value: string]> {
    return this.entries();
  }

  /** A map that can be changed without changing this one. Nothing is copied until one of them is. */
  copy(): HttpHeaders {
    const copy = new HttpHeaders(this.#bytes, this.#spans);
    copy.#lines = this.#lines;
    this.#shared = true;
    return copy;
  }

  /** @internal The number of bytes that {@link writeTo} writes. */
  get byteLength(): number {
    const spans = this.#spans;
    let length = 0;
    for (let at = 0; at < spans.length; at += STRIDE) {
      const nameStart = spans[at] ?? 0;
      length +=
        nameStart < 0
          ? this.#line(nameStart).name.length + this.#line(nameStart).value.length
          : (spans[at + 1] ?? 0) - nameStart + (spans[at + 3] ?? 0) - (spans[at + 2] ?? 0);
    }
    // ": " and CRLF for each field.
    return length + spans.length;
  }

  /**
   * @internal Writes text, all fields as field lines, and text. Received fields that lie next to each other are
   * copied together, and all text between them is written together: each costs a call into native code.
   */
  writeTo(target: Buffer, offset: number, before: string, after: string): number {
    const spans = this.#spans;
    let text = before;
    let to = offset;
    for (let at = 0; at < spans.length;) {
      const start = spans[at] ?? 0;
      if (start < 0) {
        text += this.#line(start).text;
        at += STRIDE;
        continue;
      }
      to = writeLatin1(target, to, text);
      text = '';
      const next = this.#endOfRun(at);
      if (next === at) {
        to = this.#writeReceived(target, to, at);
        at += STRIDE;
      } else {
        to += copyOctets(this.#bytes, start, (spans[next - 1] ?? 0) + 2, target, to);
        at = next;
      }
    }
    return writeLatin1(target, to, text + after);
  }

  // A run is a sequence of canonical lines that lie next to each other in the received bytes.
  #endOfRun(first: number): number {
    const spans = this.#spans;
    const bytes = this.#bytes;
    let at = first;
    let expected = spans[first] ?? 0;
    while (at < spans.length && spans[at] === expected) {
      const nameEnd = spans[at + 1] ?? 0;
      const valueEnd = spans[at + 3] ?? 0;
      if (spans[at + 2] !== nameEnd + 2 || bytes[nameEnd + 1] !== SP || bytes[valueEnd] !== CR) return at;
      expected = valueEnd + 2;
      at += STRIDE;
    }
    return at;
  }

  // A received field that was not written as this codec writes it.
  #writeReceived(target: Buffer, offset: number, at: number): number {
    const spans = this.#spans;
    let to = offset;
    to += copyOctets(this.#bytes, spans[at] ?? 0, spans[at + 1] ?? 0, target, to);
    target[to++] = COLON;
    target[to++] = SP;
    to += copyOctets(this.#bytes, spans[at + 2] ?? 0, spans[at + 3] ?? 0, target, to);
    target[to++] = CR;
    target[to++] = LF;
    return to;
  }

  #find(name: string, from: number): number {
    const spans = this.#spans;
    const length = name.length;
    for (let at = from; at < spans.length; at += STRIDE) {
      const start = spans[at] ?? 0;
      if (start < 0) {
        const own = this.#line(start).name;
        if (own.length === length && own.toLowerCase() === name.toLowerCase()) return at;
      } else if ((spans[at + 1] ?? 0) - start === length && this.#spells(start, name)) {
        return at;
      }
    }
    return -1;
  }

  #isIn(names: FieldNameSet, ofSet: FieldNameSet, at: number): boolean {
    const start = this.#spans[at] ?? 0;
    return start < 0
      ? ofSet.has(this.#line(start).name)
      : names.hasOctets(this.#bytes, start, this.#spans[at + 1] ?? 0);
  }

  #spells(start: number, name: string): boolean {
    const bytes = this.#bytes;
    for (let i = 0; i < name.length; i++) {
      if (LOWER[bytes[start + i] ?? 0] !== LOWER[name.charCodeAt(i)]) return false;
    }
    return true;
  }

  #nameAt(at: number): string {
    const start = this.#spans[at] ?? 0;
    return start < 0 ? this.#line(start).name : latin1Slice(this.#bytes, start, this.#spans[at + 1]);
  }

  #valueAt(at: number): string {
    const start = this.#spans[at] ?? 0;
    return start < 0
      ? this.#line(start).value
      : latin1Slice(this.#bytes, this.#spans[at + 2], this.#spans[at + 3]);
  }

  /** The line that a number below 0 in #spans stands for. */
  #line(number: number): FieldLine {
    return this.#lines[~number] as FieldLine;
  }

  /** Keeps a line; returns the number that stands for it in #spans. */
  #store(line: FieldLine): number {
    this.#own();
    return ~(this.#lines.push(line) - 1);
  }

  #own(): void {
    if (this.#frozen) throw new InvalidHeaderError('These fields belong to a shared message; make your own.');
    if (!this.#shared) return;
    this.#spans = [...this.#spans];
    this.#lines = [...this.#lines];
    this.#shared = false;
  }

  #deleteFrom(name: string, from: number): void {
    for (let at = this.#find(name, from); at !== -1; at = this.#find(name, at))
      this.#spans.splice(at, STRIDE);
  }
}

/** Below this size a loop is faster than a call of `Buffer.copy`. */
const SHORT_COPY = 24;

function copyOctets(source: Buffer, start: number, end: number, target: Buffer, offset: number): number {
  if (end - start > SHORT_COPY) return source.copy(target, offset, start, end);
  for (let from = start, to = offset; from < end; from++, to++) target[to] = source[from] ?? 0;
  return end - start;
}

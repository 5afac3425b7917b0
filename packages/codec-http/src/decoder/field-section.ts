import { Buffer } from 'node:buffer';
import { HTAB, SP } from '../grammar/octets.ts';

/** Numbers in `spans` for each field: name start, name end, value start, value end. */
export const SPAN_STRIDE = 4;

const FIRST_BUFFER_BYTES = 1024;

/** A message keeps the chunk that its head came in, up to this length, until it ends. */
const MAX_KEPT_BYTES = 16 * 1024;

/**
 * Collects one head or trailer section: the bytes of it and where its fields lie in them.
 *
 * A section that arrives in one chunk is not copied, unless that chunk is a long one: its bytes are
 * that chunk. One that is cut is gathered in a buffer that doubles, so that a head fed byte by byte
 * costs no more than its length. One instance serves all messages of a connection.
 */
export class FieldSection {
  /** Start and end of the request target or reason phrase; -1 while there is none. */
  startLineStart = -1;
  startLineEnd = -1;
  /** Four numbers for each of the `fields`; what lies behind them is of earlier sections. */
  readonly spans: number[] = [];
  fields = 0;
  /** Where the section begins in `bytes`. */
  origin = 0;
  #gathered: Buffer | undefined = undefined;
  #gatheredLength = 0;
  #inValue = false;

  /** Begins a section at this offset of the current chunk. */
  begin(offset: number): void {
    this.startLineStart = -1;
    this.startLineEnd = -1;
    this.fields = 0;
    this.origin = offset;
    this.#gathered = undefined;
    this.#gatheredLength = 0;
    this.#inValue = true;
  }

  /** Bytes of the section up to an offset of the current chunk. */
  lengthAt(offset: number): number {
    return this.#gatheredLength + offset - this.origin;
  }

  /** The octet at an index counted from the begin of the section. */
  octetAt(chunk: Buffer, index: number): number {
    const kept = this.#gatheredLength;
    return (index < kept ? this.#gathered?.[index] : chunk[this.origin + index - kept]) ?? 0;
  }

  /** What is kept of earlier chunks. */
  get kept(): Buffer {
    return this.#gathered?.subarray(0, this.#gatheredLength) ?? Buffer.alloc(0);
  }

  /** Keeps what the current chunk has of the section, which goes on in the next chunk. */
  keep(chunk: Buffer): void {
    this.#gather(chunk, chunk.length);
  }

  /** Ends the section at this offset of the current chunk; returns the bytes that the spans refer to. */
  complete(chunk: Buffer, end: number): Buffer {
    if (this.#gathered === undefined && chunk.length <= MAX_KEPT_BYTES) return chunk;
    const bytes = this.#gather(chunk, end);
    this.#gathered = undefined;
    return bytes;
  }

  onStartLine(start: number, length: number): void {
    const at = this.#gatheredLength + start;
    if (this.startLineStart === -1) this.startLineStart = at;
    this.startLineEnd = at + length;
  }

  onName(start: number, length: number): void {
    const at = this.#gatheredLength + start;
    if (this.#inValue) {
      this.#inValue = false;
      this.#addField(at);
    }
    // A value that is empty has no span of its own: it ends with its name.
    const last = (this.fields - 1) * SPAN_STRIDE;
    this.spans[last + 1] = at + length;
    this.spans[last + 2] = at + length;
    this.spans[last + 3] = at + length;
  }

  onValue(start: number, length: number): void {
    const at = this.#gatheredLength + start;
    const last = (this.fields - 1) * SPAN_STRIDE;
    this.#inValue = true;
    if (length === 0) return;
    if (this.spans[last + 3] === this.spans[last + 1]) this.spans[last + 2] = at;
    this.spans[last + 3] = at + length;
  }

  /** Puts a field at a place. */
  setField(place: number, nameStart: number, nameEnd: number, valueStart: number, valueEnd: number): void {
    const { spans } = this;
    const at = place * SPAN_STRIDE;
    spans[at] = nameStart;
    spans[at + 1] = nameEnd;
    spans[at + 2] = valueStart;
    spans[at + 3] = valueEnd;
  }

  /** A copy of the spans of all fields, to keep. */
  copySpans(): number[] {
    return this.spans.slice(0, this.fields * SPAN_STRIDE);
  }

  /** Takes the white space at the ends of the values off. */
  trimValues(bytes: Buffer): void {
    const spans = this.spans;
    for (let i = 3; i < this.fields * SPAN_STRIDE; i += SPAN_STRIDE) {
      spans[i] = trimmedEnd(bytes, spans[i - 1] ?? 0, spans[i] ?? 0);
    }
  }

  #addField(at: number): void {
    if (this.spans.length === this.fields * SPAN_STRIDE) this.spans.push(at, at, at, at);
    else this.spans[this.fields * SPAN_STRIDE] = at;
    this.fields++;
  }

  #gather(chunk: Buffer, end: number): Buffer {
    if (this.#gathered === undefined) this.#moveToOrigin();
    const start = this.origin;
    this.origin = 0;
    const length = this.#gatheredLength + end - start;
    let gathered = this.#gathered;
    if (gathered === undefined || gathered.length < length) {
      const larger = Buffer.allocUnsafeSlow(
        Math.max(length, FIRST_BUFFER_BYTES, (gathered?.length ?? 0) * 2),
      );
      gathered?.copy(larger, 0, 0, this.#gatheredLength);
      gathered = larger;
    }
    chunk.copy(gathered, this.#gatheredLength, start, end);
    this.#gathered = gathered;
    this.#gatheredLength = length;
    return gathered;
  }

  // Offsets noted so far are those of the first chunk; the gathered bytes begin with the section.
  #moveToOrigin(): void {
    for (let i = 0; i < this.fields * SPAN_STRIDE; i++) this.spans[i] = (this.spans[i] ?? 0) - this.origin;
    if (this.startLineStart === -1) return;
    this.startLineStart -= this.origin;
    this.startLineEnd -= this.origin;
  }
}

/** Where a value ends without the white space behind it, which the parser leaves there. */
export function trimmedEnd(bytes: Buffer, start: number, end: number): number {
  let at = end;
  while (at > start && (bytes[at - 1] === SP || bytes[at - 1] === HTAB)) at--;
  return at;
}

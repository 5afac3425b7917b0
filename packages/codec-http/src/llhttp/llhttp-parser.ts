import { instantiateLlhttp } from './llhttp-binary.ts';
import { LlhttpErrno } from './llhttp-errno.ts';

/**
 * What one run of the parser reports. Positions are offsets into the bytes given to `execute`
 * as a whole. A result other than 0 stops the run with that number as its errno.
 */
export interface LlhttpCallbacks {
  /** A piece of the request target or of the reason phrase. */
  onStartLine(start: number, length: number): number;
  onHeaderField(start: number, length: number): number;
  onHeaderValue(start: number, length: number): number;
  onHeadersComplete(status: number): number;
  onBody(start: number, length: number): number;
  onMessageComplete(): number;
}

/** Which kind of message a parser reads; llhttp's own numbers. */
export const LlhttpType = Object.freeze({ request: 1, response: 2 });

/** The most bytes that one `execute` takes, because the input lies in a buffer of this size. */
export const MAX_EXECUTE_BYTES = 65_536;

let allocatedParsers = 0;

/** How many parsers are allocated and not freed. For tests and for a gauge of leaks. */
export function countAllocatedParsers(): number {
  return allocatedParsers;
}

// One instance serves all parsers, and one parser runs at a time: callbacks find it here.
let running: LlhttpCallbacks | undefined;
/** What to add to an address in WebAssembly memory to get an offset into the caller's bytes. */
let shift = 0;

const wasm = instantiateLlhttp({
  wasm_on_message_begin: () => 0,
  wasm_on_url: (_parser: number, at: number, length: number) =>
    running === undefined ? LlhttpErrno.stopped : running.onStartLine(at + shift, length),
  wasm_on_status: (_parser: number, at: number, length: number) =>
    running === undefined ? LlhttpErrno.stopped : running.onStartLine(at + shift, length),
  wasm_on_header_field: (_parser: number, at: number, length: number) =>
    running === undefined ? LlhttpErrno.stopped : running.onHeaderField(at + shift, length),
  wasm_on_header_value: (_parser: number, at: number, length: number) =>
    running === undefined ? LlhttpErrno.stopped : running.onHeaderValue(at + shift, length),
  wasm_on_headers_complete: (_parser: number, status: number) =>
    running === undefined ? LlhttpErrno.stopped : running.onHeadersComplete(status),
  wasm_on_body: (_parser: number, at: number, length: number) =>
    running === undefined ? LlhttpErrno.stopped : running.onBody(at + shift, length),
  wasm_on_message_complete: () => (running === undefined ? LlhttpErrno.stopped : running.onMessageComplete()),
});

const input = wasm.malloc(MAX_EXECUTE_BYTES);
let memory = new Uint8Array(wasm.memory.buffer);

/**
 * One llhttp parser in WebAssembly memory, in strict mode. It must be freed: nothing else does.
 *
 * A callback may not run a parser; it notes what it was told, and the caller acts on it after
 * `execute` has returned.
 */
export class LlhttpParser {
  readonly #callbacks: LlhttpCallbacks;
  #parser: number;

  constructor(type: number, callbacks: LlhttpCallbacks) {
    this.#callbacks = callbacks;
    this.#parser = wasm.llhttp_alloc(type);
    allocatedParsers++;
  }

  /** Llhttp's number of the request's method. */
  get method(): number {
    return wasm.llhttp_get_method(this.#parser);
  }

  /** Where the last run stopped, as an offset into the bytes that it was given. */
  get errorOffset(): number {
    return wasm.llhttp_get_error_pos(this.#parser) + shift;
  }

  /**
   * Parses `bytes` from `start` to `end`, at most {@link MAX_EXECUTE_BYTES}. Returns an errno:
   * 0 means that all was taken and more is expected.
   */
  execute(bytes: Uint8Array, start: number, end: number): number {
    if (running !== undefined) throw new Error('A callback of llhttp must not run a parser.');
    // The memory has a new buffer after it has grown.
    if (memory.byteLength === 0) memory = new Uint8Array(wasm.memory.buffer);
    memory.set(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end), input);
    shift = start - input;
    running = this.#callbacks;
    try {
      return wasm.llhttp_execute(this.#parser, input, end - start);
    } finally {
      running = undefined;
    }
  }

  /** Goes on after a callback has stopped the run with `LlhttpErrno.paused`. */
  resume(): void {
    wasm.llhttp_resume(this.#parser);
  }

  /** Makes the parser ready for the first byte of a message, whatever came before. */
  reset(): void {
    wasm.llhttp_reset(this.#parser);
  }

  /** Frees the memory of the parser, which must not be used afterwards. A second call has no effect. */
  free(): void {
    if (this.#parser === 0) return;
    wasm.llhttp_free(this.#parser);
    this.#parser = 0;
    allocatedParsers--;
  }
}

import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpRequestDecoder, countAllocatedParsers } from '../src/index.ts';
import { LLHTTP_EXPORTS, instantiateLlhttp, type LlhttpExports } from '../src/llhttp/llhttp-binary.ts';
import { LlhttpErrno } from '../src/llhttp/llhttp-errno.ts';
import { LLHTTP_METHODS } from '../src/llhttp/llhttp-methods.ts';
import type { LlhttpCallbacks } from '../src/llhttp/llhttp-parser.ts';
import { LlhttpParser, LlhttpType } from '../src/llhttp/llhttp-parser.ts';
import { Collector, bytes } from './support.ts';

const GET = bytes('GET / HTTP/1.1\r\nHost: a\r\n\r\n');

describe('the llhttp binary', () => {
  it('comes from the version of undici that these tests were made with', () => {
    const { version } = createRequire(import.meta.url)('undici/package.json') as { version: string };

    expect(version).toBe('7.30.2');
  });

  it.each(['x64', 'riscv64'])('has all exports that are relied on: %s', (architecture) => {
    const exports = instantiateLlhttp(
      noted(() => {}),
      architecture,
    );

    for (const name of LLHTTP_EXPORTS) expect(exports).toHaveProperty(name);
  });

  it('reports the same with vectors and without, whatever octet stands in a long value', () => {
    const builds = ['x64', 'riscv64'].map((architecture) => new NotedRun(architecture));

    for (let octet = 0; octet < 256; octet++) {
      for (const at of [0, 1, 15, 16, 17, 40]) {
        const value = Buffer.alloc(41, 'v');
        value[at] = octet;
        const request = Buffer.concat([bytes('GET / HTTP/1.1\r\nHost: a\r\nX: '), value, bytes('\r\n\r\n')]);
        const [vectors, plain] = builds.map((build) => build.of(request));
        expect(vectors, `octet ${octet} at ${at}`).toEqual(plain);
      }
    }
  });

  it('has the methods that the list has', () => {
    const { METHODS } = createRequire(import.meta.url)('undici/lib/llhttp/constants.js') as {
      readonly METHODS: Readonly<Record<string, number>>;
    };

    expect(Object.fromEntries(LLHTTP_METHODS.map((method, number) => [method, number]))).toEqual(METHODS);
  });

  it('numbers the methods as its constants say', () => {
    for (const [number, method] of LLHTTP_METHODS.entries()) {
      if (!['GET', 'POST', 'M-SEARCH', 'PATCH', 'QUERY'].includes(method)) continue;
      const parser = new LlhttpParser(LlhttpType.request, callbacksWith({}));
      const request = bytes(`${method} / HTTP/1.1\r\n\r\n`);
      parser.execute(request, 0, request.length);
      expect(parser.method).toBe(number);
      parser.free();
    }
  });
});

describe('LlhttpParser', () => {
  let before = 0;

  beforeEach(() => {
    before = countAllocatedParsers();
  });

  afterEach(() => {
    expect(countAllocatedParsers()).toBe(before);
  });

  it('refuses to run within a callback', () => {
    let error: unknown;
    const parser: LlhttpParser = new LlhttpParser(
      LlhttpType.request,
      callbacksWith({
        onHeadersComplete: () => {
          try {
            parser.execute(GET, 0, GET.length);
          } catch (cause) {
            error = cause;
          }
          return LlhttpErrno.ok;
        },
      }),
    );

    expect(parser.execute(GET, 0, GET.length)).toBe(LlhttpErrno.ok);
    parser.free();

    expect(error).toBeInstanceOf(Error);
  });

  it('pauses behind the head, at the first byte of what follows', () => {
    const parser = new LlhttpParser(
      LlhttpType.request,
      callbacksWith({ onHeadersComplete: () => LlhttpErrno.paused }),
    );
    const input = Buffer.concat([bytes('..'), GET, bytes('rest')]);

    expect(parser.execute(input, 2, input.length)).toBe(LlhttpErrno.paused);
    expect(parser.errorOffset).toBe(2 + GET.length);
    parser.free();
  });

  it('sees its memory after another parser has made it grow', () => {
    const parsers = Array.from(
      { length: 5_000 },
      () => new LlhttpParser(LlhttpType.request, callbacksWith({})),
    );

    for (const parser of parsers) expect(parser.execute(GET, 0, GET.length)).toBe(LlhttpErrno.ok);

    for (const parser of parsers) parser.free();
  });

  it('is freed once, however often that is asked for', () => {
    const parser = new LlhttpParser(LlhttpType.request, callbacksWith({}));

    parser.free();
    parser.free();
  });

  it('is allocated by a decoder with the first byte and freed with it, however the input ended', () => {
    for (const text of [
      '',
      'GET / HT',
      'BAD\r\n\r\n',
      GET.toString(),
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab',
    ]) {
      const decoder = new HttpRequestDecoder(new Collector());
      expect(countAllocatedParsers()).toBe(before);
      decoder.decode(bytes(text));
      decoder.dispose();
      decoder.dispose();
      decoder.decode(GET);
      expect(countAllocatedParsers()).toBe(before);
    }
  });
});

function callbacksWith(some: Partial<LlhttpCallbacks>): LlhttpCallbacks {
  return {
    onStartLine: () => LlhttpErrno.ok,
    onHeaderField: () => LlhttpErrno.ok,
    onHeaderValue: () => LlhttpErrno.ok,
    onHeadersComplete: () => LlhttpErrno.ok,
    onBody: () => LlhttpErrno.ok,
    onMessageComplete: () => LlhttpErrno.ok,
    ...some,
  };
}

/** Callbacks of llhttp that tell `note` which of them was called, and with what. */
function noted(note: (name: string, at: number, length: number) => void): object {
  const names = ['message_begin', 'url', 'status', 'header_field', 'header_value'];
  return Object.fromEntries(
    [...names, 'headers_complete', 'body', 'message_complete'].map((name) => [
      `wasm_on_${name}`,
      (_parser: number, at: number, length: number) => {
        note(name, at, length);
        return LlhttpErrno.ok;
      },
    ]),
  );
}

/** One build of llhttp, and what it reports of one request after the other. */
class NotedRun {
  readonly #exports: LlhttpExports;
  readonly #parser: number;
  readonly #input: number;
  #calls: string[] = [];

  constructor(architecture: string) {
    // Each build has its input in a place of its own.
    const note = (name: string, at: number, length: number): void =>
      void this.#calls.push(`${name} ${at - this.#input} ${length}`);
    this.#exports = instantiateLlhttp(noted(note), architecture);
    this.#parser = this.#exports.llhttp_alloc(LlhttpType.request);
    this.#input = this.#exports.malloc(256);
  }

  of(request: Buffer): readonly string[] {
    const { memory } = this.#exports;
    new Uint8Array(memory.buffer).set(request, this.#input);
    this.#calls = [];
    const errno = this.#exports.llhttp_execute(this.#parser, this.#input, request.length);
    const stop = this.#exports.llhttp_get_error_pos(this.#parser) - this.#input;
    this.#exports.llhttp_reset(this.#parser);
    return [...this.#calls, `errno ${errno} at ${stop}`];
  }
}

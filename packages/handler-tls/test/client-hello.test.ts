import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectOpening } from '../src/client-hello.ts';

const HELLO = Buffer.from([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3]);

describe('the first bytes of a connection', () => {
  it('are a ClientHello with its length', () => {
    expect(detectOpening(HELLO)).toEqual({ kind: 'client-hello', bytes: 508 });
  });

  it.each([...HELLO.subarray(0, 9).keys()])('can not be told after %i bytes of a ClientHello', (length) => {
    expect(detectOpening(HELLO.subarray(0, length))).toEqual({ kind: 'more' });
  });

  it.each(['GET / HTTP/1.1', 'POST /', 'OPTIONS *', 'PRI * HTTP/2.0', 'DELETE /a'])(
    'are plain HTTP: %s',
    (text) => {
      expect(detectOpening(Buffer.from(text))).toEqual({ kind: 'plain-http' });
    },
  );

  it.each(['G', 'GET', 'OPTIONS'])('can not be told after %s', (text) => {
    expect(detectOpening(Buffer.from(text))).toEqual({ kind: 'more' });
  });

  it.each([
    ['another version', [22, 2]],
    ['an empty record', [22, 3, 1, 0, 0]],
    ['a record that is too long', [22, 3, 1, 64, 1]],
    ['a record that is too short for its message', [22, 3, 1, 0, 3]],
    ['another message', [22, 3, 1, 2, 0, 2]],
    ['another record', [23, 3, 3, 0, 10]],
    ['a letter of no method', [0x67]],
    ['a method that never ends', [...Buffer.from('A'.repeat(17))]],
    ['an empty line', [13, 10]],
  ])('are something else: %s', (_what, bytes) => {
    expect(detectOpening(Buffer.from(bytes))).toEqual({ kind: 'other' });
  });

  it('never need more than 17 bytes to be told', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 17, maxLength: 64 }), (bytes) => {
        expect(detectOpening(bytes).kind).not.toBe('more');
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { cut, FEEDINGS } from '../wire/feeding.ts';

describe('cut', () => {
  it.each(FEEDINGS)('keeps every byte: %s', (feeding) => {
    const raw = `GET / HTTP/1.1\r\nA: \xff\r\n\r\n${'x'.repeat(20_000)}`;

    expect(joined(cut(feeding, raw, undefined)).endsWith(raw)).toBe(true);
  });

  it('makes a segment of each byte, and of both ends of long input', () => {
    expect(cut('bytes', 'abc', ['abc']).map(String)).toEqual(['a', 'b', 'c']);
    expect(cut('bytes', 'x'.repeat(20_000), undefined)).toHaveLength(2_049);
  });

  it('cuts at each CR and LF', () => {
    expect(cut('lines', 'a\r\nb\n', undefined).map(String)).toEqual(['a\r', '\n', 'b\n']);
  });

  it('takes the chunks of the case for whole', () => {
    expect(cut('whole', 'abc', ['a', 'bc']).map(String)).toEqual(['a', 'bc']);
  });

  it('puts a valid request in front', () => {
    expect(joined(cut('pipelined', 'abc', undefined))).toBe(
      'GET /before HTTP/1.1\r\nHost: example.test\r\n\r\nabc',
    );
  });
});

function joined(segments: readonly Buffer[]): string {
  return Buffer.concat(segments).toString('latin1');
}

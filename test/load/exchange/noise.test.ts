import { describe, expect, it } from 'vitest';
import { BodyCheck, bodyOf } from './noise.ts';

describe('BodyCheck', () => {
  it.each([0, 1, 11, 12, 13, 100_000])('takes the body of %i bytes in any pieces', (bytes) => {
    const body = Buffer.concat(bodyOf(7, bytes));

    for (const size of [1, 5, 4_096, Math.max(1, bytes)])
      expect(checked(body, bytes, size).isWhole).toBe(true);
    expect(body).toHaveLength(bytes);
  });

  it.each<[string, (body: Buffer) => Buffer]>([
    ['of another token', () => Buffer.concat(bodyOf(8, 1_000))],
    [
      'with a byte changed',
      (body) => Buffer.concat([body.subarray(0, 500), Buffer.of(~(body[500] ?? 0)), body.subarray(501)]),
    ],
    ['with a piece missing', (body) => Buffer.concat([body.subarray(0, 500), body.subarray(516)])],
    ['with a piece doubled', (body) => Buffer.concat([body.subarray(0, 516), body.subarray(500)])],
    ['cut short', (body) => body.subarray(0, 999)],
    ['with a byte more', (body) => Buffer.concat([body, Buffer.of(0)])],
  ])('refuses one %s', (_, change) => {
    const body = Buffer.concat(bodyOf(7, 1_000));

    expect(checked(change(body), 1_000, 64).isWhole).toBe(false);
  });
});

function checked(body: Buffer, due: number, size: number): BodyCheck {
  const check = new BodyCheck(7, due);
  for (let at = 0; at < body.length; at += size) check.push(body.subarray(at, at + size));
  return check;
}

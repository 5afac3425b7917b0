import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { parseKeepAliveTimeoutMs } from '../src/decoder/keep-alive-timeout.ts';

describe('what Keep-Alive says', () => {
  it.each([
    ['timeout=5', 5_000],
    ['Timeout=120', 120_000],
    ['timeout=0', 0],
    ['timeout=5, max=100', 5_000],
    ['max=100, timeout=5', 5_000],
    ['timeout = "15"', 15_000],
    ['timeout=1234', 1_234_000],
    ['timeout=999999999', 999_999_999_000],
    ['timeout=', Infinity],
    ['timeout=5x', 5_000],
    ['timeout=x5', Infinity],
    ['timeout=1234567890', Infinity],
    ['notimeout=5', Infinity],
    ['max=100', Infinity],
    ['', Infinity],
  ])('%j: %d ms', (value, ms) => {
    const bytes = Buffer.from(`<${value}>`);

    expect(parseKeepAliveTimeoutMs(bytes, 1, bytes.length - 1)).toBe(ms);
  });
});

import { VirtualClock } from '@sluice/core';
import { TicketKeyRotation } from '@sluice/handler-tls';
import { describe, expect, it } from 'vitest';

const HOUR_MS = 3_600_000;

describe('TicketKeyRotation', () => {
  it('hands out new keys every twelve hours', () => {
    const { clock, keys } = rotation();
    clock.advance(12 * HOUR_MS - 1);
    expect(keys).toEqual([]);
    clock.advance(24 * HOUR_MS + 1);

    expect(keys.map(({ length }) => length)).toEqual([48, 48, 48]);
    expect(new Set(keys.map((each) => each.toString('hex'))).size).toBe(3);
  });

  it('takes another interval', () => {
    const { clock, keys } = rotation({ intervalMs: HOUR_MS });
    clock.advance(2 * HOUR_MS);

    expect(keys).toHaveLength(2);
  });

  it('has no timer once it is closed', () => {
    const { clock, rotating } = rotation();
    rotating.close();

    expect(clock.pendingTimers).toBe(0);
  });
});

function rotation(options?: { readonly intervalMs: number }) {
  const clock = new VirtualClock();
  const keys: Buffer[] = [];
  const rotating = new TicketKeyRotation((given) => keys.push(given), clock, options);
  return { clock, keys, rotating };
}

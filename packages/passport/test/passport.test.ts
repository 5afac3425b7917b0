import { EmbeddedChannel, VirtualClock } from '@sluice/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clearPassport,
  currentPassport,
  parsePassport,
  Passport,
  PASSPORT_OPTIONS,
  PassportState,
  startPassport,
} from '@sluice/passport';

describe('PassportState', () => {
  it('has every state of the grammar under its own name, and is frozen', () => {
    const states = Object.entries(PassportState);

    expect(states).toHaveLength(61);
    expect(states.filter(([key, value]) => key !== value)).toEqual([]);
    expect(Object.isFrozen(PassportState)).toBe(true);
  });
});

describe('Passport', () => {
  it('records states in order with nanoseconds since its start', () => {
    const clock = new VirtualClock();
    clock.advance(500);
    const passport = new Passport(clock);
    passport.add('SERVER_CH_ACTIVE');
    clock.advance(1.5);
    passport.add('IN_REQ_HEADERS_RECEIVED');

    expect(passport.startMs).toBe(500);
    expect(passport.lastState).toBe('IN_REQ_HEADERS_RECEIVED');
    expect(passport.items()).toEqual([
      { state: 'SERVER_CH_ACTIVE', atNs: 0 },
      { state: 'IN_REQ_HEADERS_RECEIVED', atNs: 1_500_000 },
    ]);
  });

  it('drops the states of single chunks, but never their errors', () => {
    const passport = new Passport(new VirtualClock());
    for (const state of contentStates) passport.add(state);

    expect(passport.items().map(({ state }) => state)).toEqual([
      'OUT_REQ_CONTENT_ERROR_SENDING',
      'OUT_RESP_CONTENT_ERROR_SENDING',
    ]);
  });

  it('keeps the states of single chunks when they are switched on', () => {
    const passport = new Passport(new VirtualClock(), { contentStates: true });
    for (const state of contentStates) passport.add(state);

    expect(passport.size).toBe(contentStates.length);
  });

  it('is written with the time at which it was over, however late that is', () => {
    const clock = new VirtualClock();
    const passport = new Passport(clock);
    passport.add('SERVER_CH_ACTIVE');
    clock.advance(5);
    const endNs = passport.nowNs();
    clock.advance(60_000);

    expect(passport.toText(endNs)).toBe('CurrentPassport {start_ms=0, [+0=SERVER_CH_ACTIVE, +5000000=NOW]}');
  });

  it('adds a state once with addIfAbsent', () => {
    const passport = new Passport(new VirtualClock());
    passport.addIfAbsent('SERVER_CH_CLOSE');
    passport.addIfAbsent('SERVER_CH_CLOSE');

    expect(passport.size).toBe(1);
  });

  it('knows whether the request was sent to an origin', () => {
    const passport = new Passport(new VirtualClock());

    expect(passport.wasProxyAttempt).toBe(false);
    passport.add('OUT_REQ_HEADERS_SENDING');
    expect(passport.wasProxyAttempt).toBe(true);
  });

  it('measures from the last start to the last end, and 0 when one is missing', () => {
    const passport = retried();

    expect(passport.durationNs('ORIGIN_CONN_ACQUIRE_START', 'ORIGIN_CONN_ACQUIRE_END')).toBe(2_000_000);
    expect(passport.durationNs('ORIGIN_CONN_ACQUIRE_START', 'ORIGIN_CH_CLOSE')).toBe(0);
    expect(passport.durationNs('ORIGIN_CH_CLOSE', 'ORIGIN_CONN_ACQUIRE_END')).toBe(0);
  });

  it('measures up to now what has not ended', () => {
    expect(retried().durationSoFarNs('ORIGIN_CONN_ACQUIRE_START', 'ORIGIN_CH_CLOSE')).toBe(7_000_000);
  });

  it('measures from the first start to the last end over retries', () => {
    expect(retried().spanNs('ORIGIN_CONN_ACQUIRE_START', 'ORIGIN_CONN_ACQUIRE_END')).toBe(13_000_000);
  });

  it('finds each pair of start and end', () => {
    expect(retried().intervals('ORIGIN_CONN_ACQUIRE_START', 'ORIGIN_CONN_ACQUIRE_END')).toEqual([
      { startNs: 0, endNs: 1_000_000 },
      { startNs: 11_000_000, endNs: 13_000_000 },
    ]);
    expect(retried().timesNs('ORIGIN_CONN_ACQUIRE_START')).toEqual([0, 11_000_000]);
  });
});

describe('the text of a passport', () => {
  it('shows the start, the states and now', () => {
    expect(String(retried())).toBe(
      'CurrentPassport {start_ms=0, [+0=ORIGIN_CONN_ACQUIRE_START, +1000000=ORIGIN_CONN_ACQUIRE_END, ' +
        '+11000000=ORIGIN_CONN_ACQUIRE_START, +13000000=ORIGIN_CONN_ACQUIRE_END, +18000000=NOW]}',
    );
  });

  it('can be read back: the same states, times and text', () => {
    const step = fc.tuple(
      fc.constantFrom(...Object.values(PassportState)),
      fc.integer({ min: 0, max: 1e12 }),
    );
    fc.assert(
      fc.property(fc.array(step), fc.integer({ min: 0, max: 2 ** 42 }), (steps, startMs) => {
        const now = (): number => clock.ns / 1e6;
        const clock = { ns: 0, now, turnNow: now, epochMs: (): number => startMs };
        const passport = new Passport(clock, { contentStates: true });
        for (const [state, ns] of steps) {
          clock.ns += ns;
          passport.add(state);
        }

        const parsed = parsePassport(String(passport));

        expect(parsed.startMs).toBe(startMs);
        expect(parsed.items()).toEqual(passport.items());
        expect(String(parsed)).toBe(String(passport));
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    '',
    'CurrentPassport {start_ms=1, []}',
    'CurrentPassport {start_ms=x, [+0=NOW]}',
    'CurrentPassport {start_ms=1, [+0=NO_SUCH_STATE, +0=NOW]}',
    'CurrentPassport {start_ms=1, [+0=toString, +0=NOW]}',
    'CurrentPassport {start_ms=1, [0=SERVER_CH_ACTIVE, +0=NOW]}',
  ])('refuses %j', (text) => {
    expect(() => parsePassport(text)).toThrow(SyntaxError);
  });
});

describe('currentPassport', () => {
  it('is one for each channel, made when first asked for', () => {
    const channel = new EmbeddedChannel();

    expect(currentPassport(channel)).toBe(currentPassport(channel));
    expect(currentPassport(channel)).not.toBe(currentPassport(new EmbeddedChannel()));
  });

  it('gives way to a fresh one for the next request', () => {
    const channel = new EmbeddedChannel();
    const first = currentPassport(channel);

    const second = startPassport(channel);
    expect(second).not.toBe(first);
    expect(currentPassport(channel)).toBe(second);

    clearPassport(channel);
    expect(currentPassport(channel)).not.toBe(second);
  });

  it("takes the channel's options", () => {
    const channel = new EmbeddedChannel();
    channel.attr(PASSPORT_OPTIONS).set({ contentStates: true });
    currentPassport(channel).add('IN_REQ_CONTENT_RECEIVED');

    expect(currentPassport(channel).lastState).toBe('IN_REQ_CONTENT_RECEIVED');
  });
});

const contentStates = [
  'IN_REQ_CONTENT_RECEIVED',
  'OUT_REQ_CONTENT_SENDING',
  'OUT_REQ_CONTENT_SENT',
  'OUT_REQ_CONTENT_ERROR_SENDING',
  'IN_RESP_CONTENT_RECEIVED',
  'OUT_RESP_CONTENT_SENDING',
  'OUT_RESP_CONTENT_SENT',
  'OUT_RESP_CONTENT_ERROR_SENDING',
] as const;

/** Two attempts of 1 and 2 ms, 10 ms apart; 5 ms ago. */
function retried(): Passport {
  const clock = new VirtualClock();
  const passport = new Passport(clock);
  for (const ms of [1, 2]) {
    if (ms > 1) clock.advance(10);
    passport.add('ORIGIN_CONN_ACQUIRE_START');
    clock.advance(ms);
    passport.add('ORIGIN_CONN_ACQUIRE_END');
  }
  clock.advance(5);
  return passport;
}

import { EmbeddedEventLoop, silentLogger, VirtualClock } from '@sluice/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkedOptions } from '../src/checked-options.ts';
import { OUTLIER_DETECTION_RULES } from '../src/health/outlier-detection-options.ts';
import { OutlierDetector } from '../src/health/outlier-detector.ts';
import { OutlierDetectionOptions, OriginServer } from '../src/index.ts';
import type { OutlierReason, RequestOutcome } from '../src/index.ts';

const TICK = 10_000;

describe('consecutive failures', () => {
  it.each<[string, RequestOutcome, Partial<OutlierDetectionOptions>, OutlierReason]>([
    ['5xx', 500, {}, 'consecutive_5xx'],
    ['failures to connect', 'connect_failure', {}, 'consecutive_5xx'],
    ['timeouts', 'timeout', {}, 'consecutive_5xx'],
    ['resets', 'reset', {}, 'consecutive_5xx'],
    ['malformed answers', 'protocol_error', { splitLocalOriginErrors: true }, 'consecutive_5xx'],
    [
      'gateway failures',
      502,
      { enforcingConsecutiveGatewayFailure: 100, consecutive5xx: 99 },
      'consecutive_gateway_failure',
    ],
    ['local failures', 'reset', { splitLocalOriginErrors: true }, 'consecutive_local_origin_failure'],
  ])('eject at five %s in a row', (_what, outcome, options, reason) => {
    const { servers, end, events } = detection(10, options);
    end(0, ...Array.from({ length: 4 }, () => outcome));
    expect(servers[0]?.isHealthy).toBe(true);
    end(0, outcome);

    expect(servers[0]?.isHealthy).toBe(false);
    expect(events).toContain(`0 ${reason} enforced`);
  });

  it.each<[string, RequestOutcome, Partial<OutlierDetectionOptions>]>([
    ['a success', 200, {}],
    ['a status below 500', 404, {}],
    ['an answer, for local failures', 500, { splitLocalOriginErrors: true }],
  ])('are counted anew after %s', (_what, outcome, options) => {
    const { servers, end } = detection(10, options);
    const failure = options.splitLocalOriginErrors ? 'reset' : 500;
    end(0, ...Array.from({ length: 4 }, (): RequestOutcome => failure), outcome);
    end(0, ...Array.from({ length: 4 }, (): RequestOutcome => failure));

    expect(servers[0]?.isHealthy).toBe(true);
  });

  it('do not count what is not the fault of the server', () => {
    const { servers, end } = detection(10);
    end(0, 500, 500, 'none', 500, 500, 'none', 500);

    expect(servers[0]?.isHealthy).toBe(false);
    expect(servers[0]?.activeRequests).toBe(0);
  });

  it('of gateways are told of, but not enforced by default', () => {
    const { servers, end, events } = detection(10, { consecutive5xx: 6 });
    end(0, 502, 503, 504, 502, 503);

    expect(servers[0]?.isHealthy).toBe(true);
    expect(events).toEqual(['0 consecutive_gateway_failure']);
  });

  it('eject in as many of 100 cases as is enforced', () => {
    const { servers, end } = detection(10, { enforcingConsecutive5xx: 30 }, [0.3, 0.29]);
    end(0, 500, 500, 500, 500, 500);
    expect(servers[0]?.isHealthy).toBe(true);
    end(0, 500, 500, 500, 500, 500);

    expect(servers[0]?.isHealthy).toBe(false);
  });
});

describe('an ejection', () => {
  it('ends at the first tick after its time: after 30 to 40 s', () => {
    const { servers, end, clock, events } = detection(10);
    clock.advance(1);
    end(0, 500, 500, 500, 500, 500);
    clock.advance(3 * TICK);
    expect(servers[0]?.isHealthy).toBe(false);
    clock.advance(TICK);

    expect(servers[0]?.isHealthy).toBe(true);
    expect(events.at(-1)).toBe('0 back');
  });

  it('lasts longer each time up to a limit, and shorter again after quiet intervals', () => {
    const { ejectFor, clock } = detection(10, { maxEjectionTimeMs: 70_000 });

    expect([ejectFor(0), ejectFor(0), ejectFor(0), ejectFor(0)]).toEqual([3, 6, 7, 7]);
    clock.advance(10 * TICK);
    expect(ejectFor(0)).toBe(3);
  });

  it('ends when an active check passes, unless that is off', () => {
    const { servers, end, detector } = detection(10);
    const off = detection(10, { successfulHealthCheckUneject: false });
    end(0, 500, 500, 500, 500, 500);
    off.end(0, 500, 500, 500, 500, 500);
    for (const server of servers) detector.healthCheckPassed(server);
    for (const server of off.servers) off.detector.healthCheckPassed(server);

    expect(servers[0]?.isHealthy).toBe(true);
    expect(off.servers[0]?.isHealthy).toBe(false);
  });

  it.each([
    [9, false, 0],
    [9, true, 1],
    [10, false, 1],
    [19, false, 1],
    [20, false, 2],
    [30, false, 3],
    [1, true, 1],
  ])('of %i servers (one always: %s) happens to %i at a time', (count, alwaysEjectOneHost, ejected) => {
    const { end, detector, events } = detection(count, { alwaysEjectOneHost });
    for (let at = 0; at < count; at++) end(at, 500, 500, 500, 500, 500);

    expect(detector.ejectedCount).toBe(ejected);
    expect(events.filter((event) => event.endsWith('overflow'))).toHaveLength(count - ejected);
  });

  it('is never of more servers than allowed, whatever happens', () => {
    const steps = fc.array(fc.tuple(fc.nat(11), fc.constantFrom<RequestOutcome>(200, 500, 'reset')), {
      maxLength: 400,
    });
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 100 }), (all, maxEjectionPercent) => {
        const { end, detector, clock } = detection(12, { maxEjectionPercent, consecutive5xx: 2 });
        for (const [at, outcome] of all) {
          end(at, outcome);
          clock.advance(500);

          expect(detector.ejectedCount).toBeLessThanOrEqual(Math.max(1, (12 * maxEjectionPercent) / 100));
        }
      }),
    );
  });
});

describe('success rates', () => {
  it('eject one far below the mean, then the next one, and no third where that is too many', () => {
    const rates = [...Array.from({ length: 17 }, () => 99.5), 99, 97, 80];
    const { round, ejected } = detection(20, { consecutive5xx: 9999 });

    // Mean 98.375, deviation 4.251, cut 90.30.
    round(rates);
    expect(ejected()).toEqual([19]);
    // Of the others: mean 99.342, deviation 0.563, cut 98.27.
    round(rates);
    expect(ejected()).toEqual([18, 19]);
    round(rates);

    expect(ejected()).toEqual([18, 19]);
  });

  it('are not compared among fewer than five servers, or with too few requests', () => {
    const few = detection(4, { consecutive5xx: 9999 });
    few.round([100, 100, 100, 0]);
    const idle = detection(5, { consecutive5xx: 9999 });
    for (const _interval of [1, 2]) {
      for (let at = 0; at < 5; at++)
        idle.end(at, ...Array.from({ length: 99 }, () => (at === 4 ? 500 : 200)));
      idle.clock.advance(TICK);
    }

    expect(few.ejected()).toEqual([]);
    expect(idle.ejected()).toEqual([]);
  });

  it('that fail 85 of 100 are told of, and enforced when that is on', () => {
    const options = { consecutive5xx: 9999, successRateMinimumHosts: 99 };
    const told = detection(5, options);
    told.round([100, 100, 100, 100, 15]);
    const enforced = detection(5, { ...options, enforcingFailurePercentage: 100 });
    enforced.round([100, 100, 100, 15.5, 15]);

    expect(told.events).toEqual(['4 failure_percentage']);
    expect(enforced.ejected()).toEqual([4]);
  });

  it('of what could not be asked are kept apart when told so', () => {
    const { end, clock, events } = detection(5, {
      splitLocalOriginErrors: true,
      consecutiveLocalOriginFailure: 9999,
    });
    for (let at = 0; at < 5; at++) {
      end(at, ...Array.from({ length: 200 }, (): RequestOutcome => (at === 4 ? 'reset' : 200)));
    }
    clock.advance(TICK);

    expect(events.filter((event) => event.includes('success_rate'))).toEqual([
      '4 local_origin_success_rate enforced',
    ]);
  });
});

it('leaves no timer behind', () => {
  const { detector, clock } = detection(3);
  detector.close();

  expect(clock.pendingTimers).toBe(0);
});

function detection(count: number, given: Partial<OutlierDetectionOptions> = {}, randoms: number[] = []) {
  const clock = new VirtualClock();
  const loop = new EmbeddedEventLoop(clock, silentLogger);
  const events: string[] = [];
  const servers = Array.from(
    { length: count },
    (_, at) => new OriginServer({ host: `10.0.0.${at}`, port: 80 }),
  );
  const at = (server: OriginServer) => servers.indexOf(server);
  const detector = new OutlierDetector(
    checkedOptions(new OutlierDetectionOptions(), given, OUTLIER_DETECTION_RULES, 'x'),
    loop,
    () => randoms.shift() ?? 0,
    {
      onOutlier: (server, reason, isEnforced) =>
        events.push(`${at(server)} ${reason}${isEnforced ? ' enforced' : ''}`),
      onEjectionOverflow: (server) => events.push(`${at(server)} overflow`),
      onUnejected: (server) => events.push(`${at(server)} back`),
    },
  );
  for (const server of servers) detector.add(server);
  const end = (index: number, ...outcomes: readonly RequestOutcome[]) => {
    for (const outcome of outcomes) {
      servers[index]?.stats.requestStarted();
      servers[index]?.stats.requestEnded(outcome);
    }
  };
  /** One interval of 200 requests for each server that gets any, so many % of them well. */
  const round = (rates: readonly number[]) => {
    for (const [index, rate] of rates.entries()) {
      for (let request = 0; request < 200; request++) end(index, request < rate * 2 ? 200 : 500);
    }
    clock.advance(TICK);
  };
  /** Ejects a server; returns for how many ticks. */
  const ejectFor = (index: number): number => {
    end(index, 500, 500, 500, 500, 500);
    let ticks = 0;
    for (; servers[index]?.health.isEjected; ticks++) clock.advance(TICK);
    return ticks;
  };
  const ejected = () => servers.flatMap((server, index) => (server.health.isEjected ? [index] : []));
  return { clock, servers, detector, events, end, round, ejectFor, ejected };
}

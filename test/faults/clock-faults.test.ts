import { describe, expect, it } from 'vitest';
import { answer, FaultBench, GET, statuses } from './fault-bench.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
const DAY_MS = 86_400_000;

describe('the wall clock', () => {
  it.each([
    ['a day back', -DAY_MS],
    ['to 1970', -Number.MAX_SAFE_INTEGER],
    ['a second back', -1_000],
    ['a day on', DAY_MS],
    ['ten years on', 3650 * DAY_MS],
  ])('that is set %s within a request changes no time and fires no timer', async (_how, jumpMs) => {
    const bench = await FaultBench.open(() => {});
    const wall = new WallClock(bench, 1_800_000_000_000);
    const client = bench.send(GET);
    const idle = bench.connect();
    bench.gateway.advance(5_000);
    wall.set(jumpMs);
    bench.gateway.advance(5_000);
    expect(client.received).toBe('');
    expect([client.end, idle.end]).toEqual(['open', 'open']);
    bench.origin?.origin.connections[0]?.send(OK);

    expect(statuses(client.received)).toEqual([200]);
    expect(bench.line).toMatchObject({ status: 200, durationUs: 10_000_000, statusCategory: 'SUCCESS' });
    expect(Date.parse(String(bench.line['time']))).toBe(1_800_000_000_000);
    bench.expectNextClean(client);
    idle.close();
    client.close();
    bench.expectNothingLeft();
  });

  it('that goes back and forth with each request leaves every duration as it was', async () => {
    const bench = await FaultBench.open(answer(OK));
    const wall = new WallClock(bench, 1_800_000_000_000);
    const client = bench.connect();
    for (let count = 0; count < 50; count++) {
      wall.set(count % 2 === 0 ? DAY_MS : -2 * DAY_MS);
      client.send(GET);
      bench.gateway.advance(10);
    }

    expect(bench.lines).toHaveLength(50);
    for (const { durationUs } of bench.lines) expect(durationUs).toBe(0);
    client.close();
    bench.expectNothingLeft();
  });
});

describe('a machine that was suspended for days', () => {
  it('gives up what was under way, once, and goes on', async () => {
    const bench = await FaultBench.open(() => {});
    const waiting = bench.send(GET);
    const half = bench.send('GET / HTTP/1.1\r\nHo');
    const idle = bench.connect();
    bench.gateway.advance(3 * DAY_MS);

    expect(statuses(waiting.received)).toEqual([504]);
    expect(statuses(half.received)).toEqual([408]);
    expect(statuses(idle.received)).toEqual([]);
    expect(bench.lines.every(({ durationUs }) => Number(durationUs) >= 0)).toBe(true);
    bench.expectNextClean();
    for (const client of [waiting, half, idle]) if (!client.isClosed) client.close();
    bench.expectNothingLeft();
  });
});

/** The time of day of a bench, apart from the time that passes. */
class WallClock {
  #jumpMs = 0;

  constructor({ gateway: { clock } }: FaultBench, startMs: number) {
    const startedAt = clock.now();
    clock.epochMs = () => Math.max(0, startMs + clock.now() - startedAt + this.#jumpMs);
  }

  set(jumpMs: number): void {
    this.#jumpMs = jumpMs;
  }
}

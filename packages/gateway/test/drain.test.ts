import { ChannelGroup, EmbeddedChannel } from '@sluice/core';
import { LogRecorder } from '@sluice/testing';
import { expect, it } from 'vitest';
import { drain } from '../src/drain.ts';

it('tells each second how many connections are left, until none is', async () => {
  const [first, second] = [new EmbeddedChannel(), new EmbeddedChannel()];
  const group = new ChannelGroup();
  group.add(first);
  group.add(second);
  const log = new LogRecorder();
  const { clock, eventLoop } = first;

  const drained = drain(group, eventLoop, { timeoutMs: 10_000 }, log);
  clock.advance(1_000);
  second.close();
  clock.advance(1_000);
  first.close();
  const report = await drained;
  clock.advance(5_000);

  expect(log.entries.map(({ fields }) => fields)).toEqual([
    { connections: 2, leftMs: 9_000 },
    { connections: 1, leftMs: 8_000 },
  ]);
  expect(report).toEqual({ connections: 2, forced: 0, durationMs: 2_000 });
});

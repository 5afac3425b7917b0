import { EmbeddedChannel, silentLogger } from '@sluice/core';
import type { ChannelHandler, ChannelHandlerContext } from '@sluice/core';
import { printRow } from '../print-row.ts';

const HANDLERS = 28;
const READERS = 8;
const EVENTS = 50_000;
const ROUNDS = 200;
const WARM_UP = 20;
/** What an event may cost on its way through the whole pipeline. */
const BAR_NS = 250;

/** Prints what it costs to fire a message through a pipeline in which few handlers are interested in it. */
export function benchEvents(): void {
  const channel = new EmbeddedChannel({ handlers: handlers(), logger: silentLogger });
  const times = Array.from({ length: WARM_UP + ROUNDS }, () => nanoseconds(channel))
    .slice(WARM_UP)
    .toSorted((a, b) => a - b);
  const [best = 0] = times;
  const median = times[times.length >> 1] ?? 0;
  printRow('event', ['handlers', 'interested', 'best', 'median']);
  printRow('channelRead', [
    String(HANDLERS),
    String(READERS),
    `${best.toFixed(0)} ns`,
    `${median.toFixed(0)} ns`,
  ]);
  printRow('bar', ['', '', `${BAR_NS} ns`]);
  if (best > BAR_NS) process.exitCode = 1;
}

function nanoseconds(channel: EmbeddedChannel): number {
  const { pipeline } = channel;
  const message = {};
  const begin = process.hrtime.bigint();
  for (let left = EVENTS; left > 0; left -= 1) pipeline.fireChannelRead(message);
  return Number(process.hrtime.bigint() - begin) / EVENTS;
}

/** Every handler is of a class of its own, as in a list; the last one of them takes the message. */
function handlers(): ChannelHandler[] {
  const list = Array.from({ length: HANDLERS - 1 }, (_, at) =>
    at % 3 === 0 && at / 3 < READERS - 1 ? reader() : writer(),
  );
  return [
    ...list,
    new (class {
      taken = 0;
      channelRead(): void {
        this.taken += 1;
      }
    })(),
  ];
}

function reader(): ChannelHandler {
  return new (class {
    seen = 0;
    channelRead(ctx: ChannelHandlerContext, message: unknown): void {
      this.seen += 1;
      ctx.fireChannelRead(message);
    }
  })();
}

function writer(): ChannelHandler {
  return new (class {
    write(ctx: ChannelHandlerContext, message: unknown): void {
      ctx.write(message);
    }
  })();
}

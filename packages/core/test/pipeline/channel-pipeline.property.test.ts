import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EmbeddedChannel, HANDLER_METHODS } from '@sluice/core';
import type { ChannelHandler, ChannelHandlerContext, ChannelPipeline, HandlerMethod } from '@sluice/core';

const forwards: Record<string, (ctx: ChannelHandlerContext, argument: never) => void> = {
  channelRead: (ctx, message) => void ctx.fireChannelRead(message),
  channelReadComplete: (ctx) => void ctx.fireChannelReadComplete(),
  userEventTriggered: (ctx, event) => void ctx.fireUserEventTriggered(event),
  channelWritabilityChanged: (ctx) => void ctx.fireChannelWritabilityChanged(),
  read: (ctx) => void ctx.read(),
  write: (ctx, message) => ctx.write(message),
  flush: (ctx) => void ctx.flush(),
};
const methods = Object.keys(forwards) as HandlerMethod[];

const step = fc.record({
  operation: fc.constantFrom('addFirst', 'addLast', 'addBefore', 'addAfter', 'remove', 'replace', 'readd'),
  at: fc.nat(20),
  listens: fc.subarray(methods),
});

it('P-13: 200 random changes leave the pipeline as they leave an array, and every link true', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 50, maxLength: 200 }), (script) => {
      const { pipeline } = new EmbeddedChannel();
      const model: [name: string, handler: ChannelHandler][] = [];
      const seen: ChannelHandler[] = [];
      let removed: ChannelHandler | undefined;
      for (const [number, { operation, at, listens }] of script.entries()) {
        const name = `h${number}`;
        const reuse = operation === 'readd' ? removed : undefined;
        const handler = reuse ?? listener(listens, seen);
        const index = model.length === 0 ? -1 : at % model.length;
        const base = model[index]?.[0];
        if (operation === 'addFirst' || operation === 'readd' || base === undefined) {
          pipeline.addFirst(name, handler);
          model.unshift([name, handler]);
          if (reuse) removed = undefined;
        } else if (operation === 'addLast') {
          pipeline.addLast(name, handler);
          model.push([name, handler]);
        } else if (operation === 'addBefore') {
          pipeline.addBefore(base, name, handler);
          model.splice(index, 0, [name, handler]);
        } else if (operation === 'addAfter') {
          pipeline.addAfter(base, name, handler);
          model.splice(index + 1, 0, [name, handler]);
        } else if (operation === 'remove') {
          removed = pipeline.remove(base);
          model.splice(index, 1);
        } else {
          removed = pipeline.replace(base, name, handler);
          model[index] = [name, handler];
        }
        expect(pipeline.names()).toEqual(model.map(([known]) => known));
        expect([...pipeline].every((present, place) => present === model[place]?.[1])).toBe(true);
        expectTrueLinks(pipeline);
      }
      expectReadsSeenBy(pipeline, model, seen);
    }),
    { numRuns: 40 },
  );
});

it('knows all seventeen events and operations', () => {
  expect(new Set(HANDLER_METHODS).size).toBe(17);
});

function listener(listens: readonly HandlerMethod[], seen: ChannelHandler[]): ChannelHandler {
  const handler: Record<string, unknown> = {};
  for (const method of listens) {
    handler[method] = (ctx: ChannelHandlerContext, argument: never) => {
      if (method === 'channelRead') seen.push(handler);
      forwards[method]?.(ctx, argument);
    };
  }
  return handler;
}

/** Every kept link is what a walk along the chain finds. */
function expectTrueLinks(pipeline: ChannelPipeline): void {
  const wrong: string[] = [];
  for (const ctx of pipeline.contexts()) {
    if (ctx.nextRead !== walk(ctx, 'next', 'channelRead')) wrong.push(`${ctx.name}.nextRead`);
    if (ctx.nextReadComplete !== walk(ctx, 'next', 'channelReadComplete')) {
      wrong.push(`${ctx.name}.nextReadComplete`);
    }
    if (ctx.nextUserEvent !== walk(ctx, 'next', 'userEventTriggered'))
      wrong.push(`${ctx.name}.nextUserEvent`);
    if (ctx.prevReadOperation !== walk(ctx, 'prev', 'read')) wrong.push(`${ctx.name}.prevReadOperation`);
    if (ctx.prevWrite !== walk(ctx, 'prev', 'write')) wrong.push(`${ctx.name}.prevWrite`);
    if (ctx.prevFlush !== walk(ctx, 'prev', 'flush')) wrong.push(`${ctx.name}.prevFlush`);
  }
  expect(wrong).toEqual([]);
}

function walk(
  from: ChannelHandlerContext,
  direction: 'next' | 'prev',
  method: HandlerMethod,
): ChannelHandlerContext {
  let ctx = from[direction];
  while (ctx.methods[method] === undefined) ctx = ctx[direction];
  return ctx;
}

function expectReadsSeenBy(
  pipeline: ChannelPipeline,
  model: readonly (readonly [string, ChannelHandler])[],
  seen: ChannelHandler[],
): void {
  pipeline.fireChannelRead('message');
  const listening = model
    .map(([, handler]) => handler)
    .filter((handler) => handler.channelRead !== undefined);
  expect(seen).toEqual(listening);
}

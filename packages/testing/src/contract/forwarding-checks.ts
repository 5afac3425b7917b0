import type { ChannelHandlerContext, ChannelPromise, HandlerMethod } from '@sluice/core';
import { HANDLER_METHODS } from '@sluice/core';
import { ContractBench } from './contract-bench.ts';
import { ContractError } from './contract-error.ts';
import type { ContractCheck, HandlerContractOptions, MakeHandler } from './contract-options.ts';
import { Foreign } from './foreign.ts';
import { isOperation, passingMethod } from './probe.ts';

const ADDRESS = { host: '192.0.2.1', port: 80 };

type Cause = (bench: ContractBench, foreign: Foreign) => void;

// Those that carry a message, an event or an error.
const CARRIERS: ReadonlySet<HandlerMethod> = new Set([
  'channelRead',
  'userEventTriggered',
  'exceptionCaught',
  'write',
]);

/** What makes an event happen, or asks for an operation; all others happen in the life of any channel. */
const CAUSES: Readonly<Partial<Record<HandlerMethod, Cause>>> = {
  channelRead: ({ channel }, foreign) => channel.pipeline.fireChannelRead(foreign),
  channelReadComplete: ({ channel }) => channel.pipeline.fireChannelReadComplete(),
  userEventTriggered: ({ channel }, foreign) => channel.pipeline.fireUserEventTriggered(foreign),
  channelWritabilityChanged: ({ channel }) => channel.pipeline.fireChannelWritabilityChanged(),
  exceptionCaught: ({ channel }, foreign) => channel.pipeline.fireExceptionCaught(foreign),
  bind: operation((ctx, promise) => ctx.bind(ADDRESS, promise)),
  connect: operation((ctx, promise) => ctx.connect(ADDRESS, undefined, promise)),
  disconnect: operation((ctx, promise) => ctx.disconnect(promise)),
  close: operation((ctx, promise) => ctx.close(promise)),
  deregister: operation((ctx, promise) => ctx.deregister(promise)),
  read: ({ above }) => void above.ctx.read(),
  write: operation((ctx, promise, foreign) => ctx.write(foreign, promise)),
  flush: ({ above }) => void above.ctx.flush(),
};

/** The handler passes on each event and operation once, but for those that it consumes. */
export function forwardingChecks(
  make: MakeHandler,
  { consumes = [] }: HandlerContractOptions,
): readonly ContractCheck[] {
  const passedOn = HANDLER_METHODS.filter((method) => !consumes.includes(method));
  const checks = passedOn.map((method) => ({
    rule: `passes on ${method} once`,
    run: () => checkPassedOnce(make, method),
  }));
  return [...checks, ...(consumes.includes('write') ? [] : [failedWriteCheck(make)])];
}

function checkPassedOnce(make: MakeHandler, method: HandlerMethod): void {
  const foreign = new Foreign('of the contract');
  const bench = new ContractBench(make(), {}, { isClosed: isOperation(method), register: false });
  const cause = CAUSES[method];
  const total = cause === undefined ? countInLife(bench, method) : countCaused(bench, method, cause, foreign);
  if (total === 1) return;
  const way = `ctx.${passingMethod(method)}(…)`;
  throw new ContractError(
    total === 0
      ? `${method} happened once and was passed on never. Call ${way} on every way through ${method}, or name it in consumes.`
      : `${method} happened once and was passed on ${total} times. Call ${way} once on every way through ${method}.`,
  );
}

function countInLife(bench: ContractBench, method: HandlerMethod): number {
  bench.channel.register();
  bench.lose();
  return bench.above.count(method);
}

function countCaused(bench: ContractBench, method: HandlerMethod, cause: Cause, foreign: Foreign): number {
  const probe = isOperation(method) ? bench.below : bench.above;
  const subject = CARRIERS.has(method) ? foreign : undefined;
  bench.channel.register();
  const before = probe.count(method, subject);
  cause(bench, foreign);
  bench.channel.runPendingTasks();
  takeForeign(bench, foreign);
  return probe.count(method, subject) - before;
}

/** The error of the check itself has reached the tail, where it belongs; others are the handler's. */
function takeForeign({ channel }: ContractBench, foreign: Foreign): void {
  try {
    channel.checkException();
  } catch (cause) {
    if (cause !== foreign)
      throw new ContractError(
        `It raised an error: ${cause instanceof Error ? cause.message : String(cause)} Pass on what it does not know as it is.`,
        cause,
      );
  }
}

function failedWriteCheck(make: MakeHandler): ContractCheck {
  return {
    rule: 'lets the writer know that a write has failed',
    run: () => {
      const bench = new ContractBench(make());
      const promise = bench.channel.newPromise();
      bench.above.ctx.write(new Foreign('never sent'), promise);
      bench.lose();
      if (!promise.isDone) {
        throw new ContractError(
          'The connection was lost, and the write never ended. Pass its promise on with the message, or fail it in handlerRemoved.',
        );
      }
      if (promise.isSuccess) {
        throw new ContractError(
          'The connection was lost, and the write succeeded. Leave it to the transport to complete its promise.',
        );
      }
    },
  };
}

function operation(
  ask: (ctx: ChannelHandlerContext, promise: ChannelPromise, foreign: Foreign) => void,
): Cause {
  return (bench, foreign) => ask(bench.above.ctx, bench.channel.newPromise(), foreign);
}

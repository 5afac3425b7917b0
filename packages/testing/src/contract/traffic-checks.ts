import { ChannelInputShutdownEvent } from '@sluice/core';
import type { HandlerMethod } from '@sluice/core';
import { ContractBench } from './contract-bench.ts';
import { ContractError } from './contract-error.ts';
import type { ContractCheck, HandlerContractOptions, MakeHandler } from './contract-options.ts';
import { rulesFor } from './contract-rule.ts';
import { Foreign } from './foreign.ts';
import type { Probe } from './probe.ts';

/** Messages and writes get through in their order, and who asked for something comes to know how it ended. */
export function trafficChecks(
  make: MakeHandler,
  { consumes = [] }: HandlerContractOptions,
): readonly ContractCheck[] {
  const bench = (): ContractBench => new ContractBench(make());
  return rulesFor(consumes, [
    {
      rule: 'passes on messages in the order in which they came',
      needs: ['channelRead'],
      run: () => keepsReadsInOrder(bench()),
    },
    {
      rule: 'passes on writes in their order, also while the channel takes no more',
      needs: ['write'],
      run: () => keepsWritesInOrder(bench()),
    },
    {
      rule: 'passes on the end of the input once, unless it closes the channel then',
      needs: ['userEventTriggered'],
      run: () => passesEndOfInput(bench()),
    },
    {
      rule: 'asks for no reads of its own where each is asked for',
      needs: ['channelRead'],
      run: () => leavesReadsToOthers(bench()),
    },
    {
      rule: 'hands on the promise of each operation',
      needs: [],
      run: () => handsOnPromises(make, consumes),
    },
    {
      rule: 'lets the writer know that a write has succeeded, and not before it is sent',
      needs: ['write', 'flush'],
      run: () => tellsOfSuccess(bench()),
    },
    {
      rule: 'sends what was flushed before a close',
      needs: ['write', 'flush'],
      run: () => sendsBeforeClose(bench()),
    },
  ]);
}

function keepsReadsInOrder(bench: ContractBench): void {
  const messages = foreigners();
  for (const message of messages) bench.channel.pipeline.fireChannelRead(message);
  bench.channel.pipeline.fireChannelReadComplete();
  bench.channel.runPendingTasks();
  expectOrder(bench.above, 'channelRead', messages);
}

function keepsWritesInOrder({ above, below, channel }: ContractBench): void {
  const messages = foreigners();
  channel.setUserDefinedWritability(1, false);
  for (const message of messages) above.ctx.write(message, channel.newPromise());
  above.ctx.flush();
  channel.runPendingTasks();
  channel.setUserDefinedWritability(1, true);
  channel.runPendingTasks();
  expectOrder(below, 'write', messages);
}

function expectOrder(probe: Probe, method: HandlerMethod, expected: readonly Foreign[]): void {
  const order = probe.passed
    .filter((passed) => passed.method === method && passed.subject instanceof Foreign)
    .map(({ subject }) => (subject as Foreign).message);
  const wanted = expected.map(({ message }) => message);
  if (String(order) === String(wanted)) return;
  throw new ContractError(
    `Of ${wanted.join(', ')} it passed on ${order.join(', ') || 'none'}. ` +
      'What it holds back goes on in its order, and before what comes later; at the latest when the channel is writable again.',
  );
}

function passesEndOfInput({ above, below, channel }: ContractBench): void {
  const event = ChannelInputShutdownEvent.INSTANCE;
  below.ctx.fireUserEventTriggered(event);
  const count = above.count('userEventTriggered', event);
  if (count === 1 || (count === 0 && !channel.isOpen)) return;
  throw new ContractError(
    `The peer ended its half once, and that was passed on ${count} times. ` +
      'Call ctx.fireUserEventTriggered(event) for each event, those that it acts upon too.',
  );
}

function leavesReadsToOthers({ below, channel }: ContractBench): void {
  channel.config.autoRead = false;
  const before = below.count('read');
  channel.pipeline.fireChannelRead(new Foreign('of the contract'));
  channel.pipeline.fireChannelReadComplete();
  channel.runPendingTasks();
  const own = below.count('read') - before;
  if (own === 0) return;
  throw new ContractError(
    `With autoRead off it passed a message on and asked for ${own} more. ` +
      'Call ctx.read() only for a message that it has kept, else it undoes the back-pressure of the handlers after it.',
  );
}

const PROMISED = ['bind', 'connect', 'disconnect', 'close', 'deregister'] as const;
const ADDRESS = { host: '192.0.2.1', port: 80 };

function handsOnPromises(make: MakeHandler, consumes: readonly HandlerMethod[]): void {
  for (const method of PROMISED.filter((each) => !consumes.includes(each))) {
    const { above, channel } = new ContractBench(make(), {}, { isClosed: true });
    const promise = channel.newPromise();
    if (method === 'connect') above.ctx.connect(ADDRESS, undefined, promise);
    else if (method === 'bind') above.ctx.bind(ADDRESS, promise);
    else above.ctx[method](promise);
    channel.runPendingTasks();
    if (promise.isSuccess) continue;
    throw new ContractError(
      `${method} was done, and its promise is ${promise.isDone ? 'failed' : 'open'}. ` +
        `Pass the promise on, ctx.${method}(…, promise), or complete it.`,
    );
  }
}

function tellsOfSuccess({ above, channel }: ContractBench): void {
  const promise = channel.newPromise();
  above.ctx.write(new Foreign('of the contract'), promise);
  channel.runPendingTasks();
  if (promise.isDone) {
    throw new ContractError(
      'The promise of a write was completed before a flush. Pass it on with the message: the transport completes it.',
    );
  }
  above.ctx.flush();
  channel.runPendingTasks();
  if (promise.isSuccess) return;
  throw new ContractError(
    `A write was sent, and its promise is ${promise.isDone ? 'failed' : 'open'}. ` +
      'Pass it on with the message, ctx.write(message, promise).',
  );
}

function sendsBeforeClose({ above, channel }: ContractBench): void {
  const message = new Foreign('of the contract');
  above.ctx.write(message, channel.newPromise());
  above.ctx.flush();
  above.ctx.close(channel.newPromise());
  channel.runPendingTasks();
  if (channel.outboundMessages().includes(message)) return;
  throw new ContractError(
    'What was written and flushed before a close was not sent. Before it passes on close, let it write and flush all that it holds.',
  );
}

function foreigners(): readonly Foreign[] {
  return ['first', 'second', 'third'].map((name) => new Foreign(name));
}

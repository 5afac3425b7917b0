import { ContractBench } from './contract-bench.ts';
import { ContractError } from './contract-error.ts';
import type { ContractCheck, HandlerContractOptions, MakeHandler } from './contract-options.ts';
import { rulesFor } from './contract-rule.ts';
import { Foreign } from './foreign.ts';
import { after, atEachStep, DEFAULT_STEPS, orFail } from './steps.ts';

const LONG_MS = 3_600_000;

/** A handler comes and goes in the midst of traffic: nothing is lost, and what has left is quiet. */
export function removalChecks(make: MakeHandler, options: HandlerContractOptions): readonly ContractCheck[] {
  const { consumes = [], steps = DEFAULT_STEPS } = options;
  const bench = (): ContractBench => new ContractBench(make());
  return rulesFor(consumes, [
    {
      rule: 'can be removed while a message passes through it',
      needs: ['channelRead'],
      run: () => leavesDuringRead(bench()),
    },
    {
      rule: 'can be removed while a write passes through it',
      needs: ['write'],
      run: () => leavesDuringWrite(bench()),
    },
    {
      rule: 'lets the channel be lost while a message passes through it',
      needs: ['channelRead', 'channelInactive'],
      run: () => isLostDuringRead(bench()),
    },
    { rule: 'leaves no write unanswered when it is removed', needs: [], run: () => answersWrites(bench()) },
    {
      rule: 'does nothing any more when it is removed',
      needs: [],
      run: atEachStep(steps, (count) => staysQuiet(new ContractBench(make(), options), steps, count)),
    },
    { rule: 'works again when it is added again', needs: [], run: () => returns(bench()) },
    {
      rule: 'fires no activity of its own when it joins an active channel',
      needs: [],
      run: () => joinsQuietly(make),
    },
  ]);
}

function leavesDuringRead(bench: ContractBench): void {
  const { above, channel } = bench;
  const messages = [new Foreign('the message during which it left'), new Foreign('the next message')];
  above.onPassed = (method) => {
    if (method === 'channelRead') channel.pipeline.removeIfExists(bench.handler);
  };
  for (const message of messages) channel.pipeline.fireChannelRead(message);
  channel.pipeline.fireChannelReadComplete();
  channel.runPendingTasks();
  orFail(() => channel.checkException(), 'Removing it while it passed on a message failed', AFTER_FIRING);
  for (const message of messages) {
    const count = above.count('channelRead', message);
    if (count !== 1)
      throw new ContractError(`It was removed, and ${message.message} came ${count} times. ${AFTER_FIRING}`);
  }
}

function leavesDuringWrite(bench: ContractBench): void {
  const { above, below, channel } = bench;
  const promise = channel.newPromise();
  below.onPassed = (method) => {
    if (method === 'write') channel.pipeline.removeIfExists(bench.handler);
  };
  above.ctx.write(new Foreign('of the contract'), promise);
  channel.flush();
  channel.runPendingTasks();
  orFail(() => channel.checkException(), 'Removing it while it passed on a write failed', AFTER_FIRING);
  if (promise.isSuccess) return;
  throw new ContractError(
    `It was removed while it passed on a write, whose promise is ${promise.isDone ? 'failed' : 'open'}. ${AFTER_FIRING}`,
  );
}

function isLostDuringRead(bench: ContractBench): void {
  const { above, channel } = bench;
  above.onPassed = (method) => {
    if (method === 'channelRead') bench.lose();
  };
  channel.pipeline.fireChannelRead(new Foreign('of the contract'));
  channel.runPendingTasks();
  orFail(
    () => channel.checkException(),
    'Losing the channel while it passed on a message failed',
    AFTER_FIRING,
  );
  const count = above.count('channelInactive');
  if (count !== 1) throw new ContractError(`channelInactive was passed on ${count} times. ${AFTER_FIRING}`);
  const { pendingTimers } = channel.clock;
  if (pendingTimers > 0)
    throw new ContractError(`${pendingTimers} timers were set after the channel was lost. ${AFTER_FIRING}`);
}

function answersWrites(bench: ContractBench): void {
  const { above, channel } = bench;
  const promise = channel.newPromise();
  above.ctx.write(new Foreign('of the contract'), promise);
  bench.remove();
  channel.flush();
  channel.runPendingTasks();
  if (promise.isDone) return;
  throw new ContractError(
    'It was removed with a write that was neither passed on nor failed. In handlerRemoved, pass on what it holds, or fail its promises.',
  );
}

function staysQuiet(bench: ContractBench, steps: HandlerContractOptions['steps'], count: number): void {
  const { above, below, channel } = bench;
  bench.run((steps ?? []).slice(0, count));
  bench.remove();
  bench.removeOthers();
  if (!channel.isOpen) return;
  const before = [above.passed.length, below.passed.length] as const;
  channel.clock.advance(LONG_MS);
  channel.runPendingTasks();
  const late = [...above.passed.slice(before[0]), ...below.passed.slice(before[1])];
  if (late.length === 0) return;
  const what = [...new Set(late.map(({ method }) => method))].join(', ');
  throw new ContractError(
    `Removed ${after(count)}, it still did: ${what}. In handlerRemoved, cancel its timers and what waits for promises.`,
  );
}

function returns(bench: ContractBench): void {
  const { above, below, channel, handler } = bench;
  // One that has left by itself has done its work.
  if (channel.pipeline.context(handler) === undefined) return;
  const place = {};
  const advice = 'Begin with fresh state in handlerAdded, or leave none behind in handlerRemoved.';
  orFail(
    () => {
      channel.pipeline.replace(handler, undefined, place);
      channel.pipeline.replace(place, undefined, handler);
      channel.runPendingTasks();
      channel.checkException();
    },
    'Adding it again failed',
    advice,
  );
  const event = new Foreign('of the contract');
  below.ctx.fireUserEventTriggered(event);
  const count = above.count('userEventTriggered', event);
  if (count !== 1) throw new ContractError(`Added again, it passed on an event ${count} times. ${advice}`);
  bench.lose();
  if (channel.clock.pendingTimers > 0) throw new ContractError(`Added again, it left a timer. ${advice}`);
}

function joinsQuietly(make: MakeHandler): void {
  const bench = new ContractBench({});
  const before = bench.above.passed.length;
  bench.channel.pipeline.replace(bench.handler, undefined, make());
  bench.channel.runPendingTasks();
  const own = bench.above.passed.slice(before).find(({ method }) => ACTIVITY.has(method));
  if (own === undefined) return;
  throw new ContractError(
    `Added to an active channel, it fired ${own.method}, which the handlers after it have seen. ` +
      'What handlerAdded and channelActive share belongs into a method that fires nothing.',
  );
}

const ACTIVITY: ReadonlySet<string> = new Set(['channelRegistered', 'channelActive']);
const AFTER_FIRING = 'Passing something on comes last, or is followed by a look at what is still there.';

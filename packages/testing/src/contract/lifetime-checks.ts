import { ContractBench } from './contract-bench.ts';
import { ContractError } from './contract-error.ts';
import type { ContractCheck, ContractStep, HandlerContractOptions, MakeHandler } from './contract-options.ts';

/** What a life of a channel is when the options say nothing: a message each way. */
export const DEFAULT_STEPS: readonly ContractStep[] = [
  (channel) => void channel.writeInbound(Buffer.from('in')),
  (channel) => void channel.writeOutbound(Buffer.from('out')),
];

/** The handler leaves nothing behind when its channel or its place in the pipeline ends, whenever that is. */
export function lifetimeChecks(make: MakeHandler, options: HandlerContractOptions): readonly ContractCheck[] {
  const { steps = DEFAULT_STEPS } = options;
  const bench = (): ContractBench => new ContractBench(make(), options);
  const atEachStep = (check: (count: number) => void) => (): void => {
    for (let count = 0; count <= steps.length; count++) check(count);
  };
  return [
    {
      rule: 'leaves no timer when the connection is lost',
      run: atEachStep((count) => leavesNoTimer(bench(), steps.slice(0, count), false)),
    },
    {
      rule: 'leaves no timer when it is removed',
      run: atEachStep((count) => leavesNoTimer(bench(), steps.slice(0, count), true)),
    },
    {
      rule: 'can be removed at any time, and the channel goes on without it',
      run: atEachStep((count) => survivesRemoval(bench(), steps, count)),
    },
    {
      rule: 'resumes the reads that it has paused when it is removed',
      run: atEachStep((count) => resumesReads(bench(), steps.slice(0, count))),
    },
    { rule: 'can be added to a channel that is active', run: () => joinsActiveChannel(make) },
  ];
}

function leavesNoTimer(bench: ContractBench, steps: readonly ContractStep[], isRemoved: boolean): void {
  bench.run(steps);
  if (isRemoved) bench.remove();
  bench.lose();
  const { pendingTimers } = bench.channel.clock;
  if (pendingTimers === 0) return;
  throw new ContractError(`${pendingTimers} timers were left ${after(steps.length)}.`);
}

function survivesRemoval(bench: ContractBench, steps: readonly ContractStep[], count: number): void {
  bench.run(steps.slice(0, count));
  const { above, below, channel } = bench;
  // What the steps themselves have led to is no matter of the removal.
  ignoreErrors(() => channel.checkException());
  bench.remove();
  orFail(() => channel.checkException(), `Removing it failed ${after(count)}`);
  if (!channel.isOpen) return;
  bench.removeOthers();
  const foreign = {};
  below.ctx.fireUserEventTriggered(foreign);
  below.ctx.fireChannelRead(foreign);
  const hasPassed = above.count('userEventTriggered', foreign) + above.count('channelRead', foreign);
  if (hasPassed !== 2) throw new ContractError(`Without it, events no longer pass ${after(count)}.`);
}

function resumesReads(bench: ContractBench, steps: readonly ContractStep[]): void {
  bench.run(steps);
  bench.remove();
  bench.removeOthers();
  if (bench.channel.isOpen && bench.channel.areReadsPaused)
    throw new ContractError(`Reads stayed paused ${after(steps.length)}.`);
}

function joinsActiveChannel(make: MakeHandler): void {
  const bench = new ContractBench({});
  bench.channel.pipeline.replace(bench.handler, undefined, make());
  bench.channel.runPendingTasks();
  orFail(() => bench.channel.checkException(), 'Adding it failed');
  bench.lose();
  orFail(() => bench.channel.checkException(), 'Closing the channel failed');
  if (bench.channel.clock.pendingTimers > 0) throw new ContractError('A timer was left.');
}

function orFail(action: () => void, what: string): void {
  try {
    action();
  } catch (cause) {
    throw new ContractError(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

function ignoreErrors(action: () => void): void {
  try {
    action();
  } catch {
    // As said.
  }
}

function after(count: number): string {
  return count === 0 ? 'before the first step' : `after step ${count}`;
}

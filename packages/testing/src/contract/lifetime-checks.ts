import { ContractBench } from './contract-bench.ts';
import { ContractError } from './contract-error.ts';
import type { ContractCheck, ContractStep, HandlerContractOptions, MakeHandler } from './contract-options.ts';
import { after, atEachStep, DEFAULT_STEPS, orFail } from './steps.ts';

/** The handler leaves nothing behind when its channel or its place in the pipeline ends, whenever that is. */
export function lifetimeChecks(make: MakeHandler, options: HandlerContractOptions): readonly ContractCheck[] {
  const { steps = DEFAULT_STEPS } = options;
  const bench = (): ContractBench => new ContractBench(make(), options);
  return [
    {
      rule: 'leaves no timer when the connection is lost',
      run: atEachStep(steps, (count) => leavesNoTimer(bench(), steps.slice(0, count), false)),
    },
    {
      rule: 'leaves no timer when it is removed',
      run: atEachStep(steps, (count) => leavesNoTimer(bench(), steps.slice(0, count), true)),
    },
    {
      rule: 'can be removed at any time, and the channel goes on without it',
      run: atEachStep(steps, (count) => survivesRemoval(bench(), steps, count)),
    },
    {
      rule: 'resumes the reads that it has paused when it is removed',
      run: atEachStep(steps, (count) => resumesReads(bench(), steps.slice(0, count))),
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
  const where = isRemoved ? 'handlerRemoved' : 'channelInactive and handlerRemoved';
  throw new ContractError(
    `${pendingTimers} timers were left ${after(steps.length)}. Keep what schedule() returns and cancel it in ${where}.`,
  );
}

function survivesRemoval(bench: ContractBench, steps: readonly ContractStep[], count: number): void {
  bench.run(steps.slice(0, count));
  const { above, below, channel } = bench;
  // What the steps themselves have led to is no matter of the removal.
  ignoreErrors(() => channel.checkException());
  bench.remove();
  orFail(() => channel.checkException(), `Removing it failed ${after(count)}`, ON_REMOVAL);
  if (!channel.isOpen) return;
  bench.removeOthers();
  const foreign = {};
  below.ctx.fireUserEventTriggered(foreign);
  below.ctx.fireChannelRead(foreign);
  const hasPassed = above.count('userEventTriggered', foreign) + above.count('channelRead', foreign);
  if (hasPassed !== 2) {
    throw new ContractError(
      `Without it, events no longer pass ${after(count)}. Leave the other handlers and the channel as they are in handlerRemoved.`,
    );
  }
}

function resumesReads(bench: ContractBench, steps: readonly ContractStep[]): void {
  bench.run(steps);
  bench.remove();
  bench.removeOthers();
  const { channel } = bench;
  if (!channel.isOpen || (!channel.areReadsPaused && channel.config.autoRead)) return;
  throw new ContractError(
    `Reads stayed ${channel.areReadsPaused ? 'paused' : 'off'} ${after(steps.length)}, and nobody else knows of it. ` +
      `Undo it in handlerRemoved: ${channel.areReadsPaused ? 'one resumeReads() for each pauseReads()' : 'config.autoRead = true'}.`,
  );
}

function joinsActiveChannel(make: MakeHandler): void {
  const bench = new ContractBench({});
  bench.channel.pipeline.replace(bench.handler, undefined, make());
  bench.channel.runPendingTasks();
  orFail(() => bench.channel.checkException(), 'Adding it failed', ON_JOINING);
  bench.lose();
  orFail(() => bench.channel.checkException(), 'Closing the channel failed', ON_JOINING);
  if (bench.channel.clock.pendingTimers > 0) throw new ContractError(`A timer was left. ${ON_JOINING}`);
}

function ignoreErrors(action: () => void): void {
  try {
    action();
  } catch {
    // As said.
  }
}

const ON_REMOVAL = 'It must be ready for handlerRemoved from handlerAdded on, whatever has happened.';
const ON_JOINING =
  'An active channel fires no channelActive for it: begin in handlerAdded if ctx.channel.isActive.';

import { ContractBench } from './contract-bench.ts';
import { ContractError } from './contract-error.ts';
import type { ContractCheck, HandlerContractOptions, MakeHandler } from './contract-options.ts';
import { firstDifference } from './first-difference.ts';
import { DEFAULT_STEPS } from './steps.ts';
import { transcript } from './transcript.ts';

/** The handler keeps the state of one channel from the others. */
export function sharingChecks(make: MakeHandler, options: HandlerContractOptions): readonly ContractCheck[] {
  const isSharable = make().sharable === true;
  const rule = isSharable
    ? 'gives two channels that share it what each would get alone'
    : 'gives two channels, each with one of its own, what each would get alone';
  const separate = { rule, run: () => keepsChannelsApart(make, options, isSharable) };
  return isSharable
    ? [separate]
    : [separate, { rule: 'is refused in a second pipeline', run: () => isRefusedTwice(make) }];
}

function keepsChannelsApart(make: MakeHandler, options: HandlerContractOptions, isShared: boolean): void {
  const { steps = DEFAULT_STEPS } = options;
  const alone = new ContractBench(make(), options);
  alone.run(steps);
  alone.lose();
  const handler = make();
  const first = new ContractBench(handler, options);
  const second = new ContractBench(isShared ? handler : make(), options);
  for (const step of steps) {
    first.run([step]);
    second.run([step]);
  }
  first.lose();
  second.lose();
  for (const bench of [first, second]) {
    const difference =
      firstDifference(transcript(alone.above.passed), transcript(bench.above.passed)) ??
      firstDifference(transcript(alone.below.passed), transcript(bench.below.passed));
    if (difference === undefined) continue;
    throw new ContractError(
      `Beside another channel, one sees ${difference.second} where alone it sees ${difference.first}. ` +
        `Keep what belongs to a channel ${isShared ? 'in an Attribute of it, or do not be sharable' : 'in fields, and none of it in the module or static'}.`,
    );
  }
}

function isRefusedTwice(make: MakeHandler): void {
  const handler = make();
  const first = new ContractBench(handler);
  // One that has left by itself may be added again.
  if (first.channel.pipeline.context(handler) === undefined) return;
  const second = new ContractBench({});
  try {
    second.channel.pipeline.addLast(undefined, handler);
  } catch {
    first.lose();
    return;
  }
  throw new ContractError(
    'It is not sharable, yet one instance could be added to two pipelines. Leave `sharable` out, or make it a constant.',
  );
}

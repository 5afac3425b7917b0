import { ContractBench } from './contract-bench.ts';
import { ContractError } from './contract-error.ts';
import type { ContractCheck, HandlerContractOptions, MakeHandler } from './contract-options.ts';
import { firstDifference } from './first-difference.ts';
import { joinedTranscript } from './transcript.ts';

interface Outcome {
  readonly above: readonly string[];
  readonly below: readonly string[];
}

/** The handler makes the same of its bytes in whatever pieces they come. */
export function chunkingChecks(make: MakeHandler, options: HandlerContractOptions): readonly ContractCheck[] {
  return (options.bytes ?? []).map((input, index) => {
    const bytes = typeof input === 'string' ? Buffer.from(input, 'latin1') : Buffer.from(input);
    return {
      rule: `reads the same whole, byte by byte and in any two pieces: input ${index + 1}`,
      run: () => readsTheSame(make, options, bytes),
    };
  });
}

function readsTheSame(make: MakeHandler, options: HandlerContractOptions, bytes: Buffer): void {
  const outcomeOf = (pieces: readonly Buffer[]): Outcome => outcome(make, options, pieces);
  const whole = outcomeOf([bytes]);
  const single = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
  compare(whole, outcomeOf(single), 'byte by byte');
  for (let at = 1; at < bytes.length; at++) {
    const pieces = [bytes.subarray(0, at), bytes.subarray(at)];
    compare(whole, outcomeOf(pieces), `cut behind ${JSON.stringify(pieces[0]?.toString('latin1'))}`);
  }
}

function outcome(make: MakeHandler, options: HandlerContractOptions, pieces: readonly Buffer[]): Outcome {
  const bench = new ContractBench(make(), options);
  if (options.prepare) bench.run([options.prepare]);
  // A copy, as from a socket: what a handler keeps must not hang on what it was given.
  bench.run(pieces.map((piece) => (channel) => void channel.pipeline.fireChannelRead(Buffer.from(piece))));
  if (bench.channel.isOpen) bench.channel.pipeline.fireChannelReadComplete();
  bench.channel.runPendingTasks();
  bench.lose();
  return { above: joinedTranscript(bench.above.passed), below: joinedTranscript(bench.below.passed) };
}

function compare(whole: Outcome, cut: Outcome, how: string): void {
  const difference = firstDifference(whole.above, cut.above) ?? firstDifference(whole.below, cut.below);
  if (difference === undefined) return;
  throw new ContractError(
    `Whole, it gives ${difference.first}; ${how}, it gives ${difference.second}. ` +
      'Keep the beginning of what is not complete, a copy of it, until the rest has come.',
  );
}

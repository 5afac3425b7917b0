import type { Participant } from './line-up.ts';
import type { LoadCommand, Measurement } from './load/protocol.ts';
import type { BenchOptions } from './options.ts';
import type { ManagedProcess } from '../support/process/managed-process.ts';
import type { Scenario } from './scenarios.ts';

/** How long the load generator may be silent beyond the time that it was told to take, in ms. */
const PATIENCE_MS = 30_000;

/** The measurements of one peer in one scenario, by round. */
export type Series = { scenario: string; peer: string; rounds: Measurement[] };

/**
 * Measures every peer in every scenario, round after round. Within a round the peers follow one another directly, and
 * each round starts with another of them, so that whatever else the machine does meets all alike.
 */
export async function runRounds(
  load: ManagedProcess,
  participants: readonly Participant[],
  options: BenchOptions,
  progress: (line: string) => void,
): Promise<Series[]> {
  const series = options.scenarios.flatMap((scenario) =>
    participants
      .filter(({ isTls }) => isTls === (scenario.tls !== 'none'))
      .map((participant) => ({ scenario, participant, rounds: [] as Measurement[] })),
  );
  for (let round = 0; round < options.rounds; round += 1) {
    for (const scenario of options.scenarios) {
      progress(`round ${round + 1} of ${options.rounds}: ${scenario.name}`);
      const ofScenario = series.filter((one) => one.scenario === scenario);
      for (const { participant, rounds } of rotate(ofScenario, round)) {
        rounds.push(await measure(load, participant, scenario, options, round));
      }
    }
  }
  return series.map(({ scenario, participant, rounds }) => ({
    scenario: scenario.name,
    peer: participant.name,
    rounds,
  }));
}

/** Moves the first `count` items to the end, going round. */
export function rotate<Item>(items: readonly Item[], count: number): Item[] {
  const start = items.length === 0 ? 0 : count % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

async function measure(
  load: ManagedProcess,
  participant: Participant,
  scenario: Scenario,
  { connections, durationSeconds, ratePerSecond, warmUp }: BenchOptions,
  round: number,
): Promise<Measurement> {
  const command: LoadCommand = {
    scenario: scenario.name,
    port: participant.port,
    rootPid: participant.process.pid,
    connections,
    ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
    warmupMs: round === 0 ? warmUp.firstMs : warmUp.laterMs,
    durationMs: durationSeconds * 1000,
  };
  const mostMs = command.warmupMs + command.durationMs + PATIENCE_MS;
  const measurement = (await load.ask(command, mostMs)) as Measurement;
  if (participant.process.hasEnded) throw participant.process.endedError();
  return measurement;
}

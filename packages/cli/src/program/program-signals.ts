import type { Logger } from '@sluice/core';

/** What a shell shows for a program that a signal ended: 128 and the number of the signal. */
export const EXIT_CODES = { SIGTERM: 143, SIGINT: 130 } as const;

/** What signals come from: `process`. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
}

/**
 * Takes signals from before anything is started, and keeps those that have nobody yet. Without a
 * listener SIGHUP and SIGUSR2 end the program, and SIGUSR1 opens the inspector of Node.js, by which
 * every user of the machine can run code in it.
 */
export class ProgramSignals {
  readonly #listeners = new Map<NodeJS.Signals, () => void>();
  readonly #early = new Set<NodeJS.Signals>();

  constructor(signals: readonly NodeJS.Signals[], source: SignalSource = process) {
    for (const signal of signals) source.on(signal, () => this.raise(signal));
  }

  /** What the signal does from now on, and at once where it has come before. */
  on(signal: NodeJS.Signals, listener: () => void): void {
    this.#listeners.set(signal, listener);
    if (this.#early.delete(signal)) listener();
  }

  /** As if it had come; a worker gets some of its primary. */
  raise(signal: NodeJS.Signals): void {
    const listener = this.#listeners.get(signal);
    if (listener === undefined) this.#early.add(signal);
    else listener();
  }
}

/** The signals of a program that starts: a request to end is met at once, for there is nothing to drain. */
export function signalsAtStart(isConfigured: boolean, logger: Logger): ProgramSignals {
  // SIGHUP ends what has no configuration to read, as when its terminal is closed.
  const reload = isConfigured ? (['SIGHUP'] as const) : [];
  const signals = new ProgramSignals([...reload, 'SIGUSR1', 'SIGUSR2', 'SIGTERM', 'SIGINT']);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    signals.on(signal, () => {
      logger.info({ signal }, 'Ended before it was started.');
      process.exit(0);
    });
  }
  return signals;
}

/** Has SIGUSR2 do nothing, and says so: its meaning is for a program with workers. */
export function ignoreRestart(signals: ProgramSignals, logger: Logger, why: string): void {
  signals.on('SIGUSR2', () => logger.warn({ signal: 'SIGUSR2' }, `SIGUSR2 does nothing here: ${why}`));
}

import type { Logger } from '@sluice/core';
import { drainReferenceGateway } from '../reference/running-gateway.ts';
import type { RunningGateway } from '../reference/running-gateway.ts';
import { EXIT_CODES } from './program-signals.ts';
import type { ProgramSignals } from './program-signals.ts';

/**
 * Drains and ends at SIGTERM or SIGINT or when the operator asks for it, ends at once at a signal
 * while it drains, and opens the log file anew at SIGUSR1.
 */
export function stopOnSignals(signals: ProgramSignals, running: RunningGateway, logger: Logger): void {
  let isStopping = false;
  const begin = (why: object): void => {
    isStopping = true;
    logger.info(why, 'Draining: no new connections. A signal ends the program at once.');
    void drain(running, logger);
  };
  const stop = (signal: keyof typeof EXIT_CODES): void => {
    if (isStopping) process.exit(EXIT_CODES[signal]);
    begin({ signal });
  };
  const { drainRequested } = running;
  const requested = (): void => {
    if (!isStopping) begin({ admin: '/drain' });
  };
  signals.on('SIGTERM', () => stop('SIGTERM'));
  signals.on('SIGINT', () => stop('SIGINT'));
  // The operator can ask while the gateway still looks for its servers.
  if (drainRequested?.aborted) requested();
  else drainRequested?.addEventListener('abort', requested);
  // As logrotate and others ask for it.
  signals.on('SIGUSR1', () => running.accessLog.reopen());
}

async function drain(running: RunningGateway, logger: Logger): Promise<void> {
  const report = await drainReferenceGateway(running);
  if (report?.forced) logger.warn({ ...report }, 'Drained; connections were closed before their end.');
  else logger.info({ ...report }, 'Drained.');
}

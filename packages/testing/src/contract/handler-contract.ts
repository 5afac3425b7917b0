import { chunkingChecks } from './chunking-checks.ts';
import type { ContractCheck, HandlerContractOptions, MakeHandler } from './contract-options.ts';
import { forwardingChecks } from './forwarding-checks.ts';
import { lifetimeChecks } from './lifetime-checks.ts';
import { removalChecks } from './removal-checks.ts';
import { sharingChecks } from './sharing-checks.ts';
import { trafficChecks } from './traffic-checks.ts';

/**
 * The rules that every channel handler keeps, as checks to run in any way one likes:
 *
 * - each event and operation is passed on once, unless it is consumed, in its order and with its promise,
 * - no timer, paused read or unanswered write is left, whenever the channel or the handler goes,
 * - it comes and goes in the midst of traffic, and does nothing once it has left,
 * - one channel sees nothing of another, and an instance with state stands in one pipeline,
 * - bytes mean the same in whatever pieces they come.
 */
export function handlerContract(
  make: MakeHandler,
  options: HandlerContractOptions = {},
): readonly ContractCheck[] {
  return [
    ...forwardingChecks(make, options),
    ...trafficChecks(make, options),
    ...lifetimeChecks(make, options),
    ...removalChecks(make, options),
    ...sharingChecks(make, options),
    ...chunkingChecks(make, options),
  ];
}

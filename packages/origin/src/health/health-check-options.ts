import { HttpRequest } from '@sluice/codec-http';
import { checkedOptions, wrongConfig } from '../checked-options.ts';
import type { OptionRules } from '../checked-options.ts';

/** One status, or all from one to another. */
export type StatusRange = number | readonly [from: number, to: number];

/** How servers are asked whether they are well. */
export class HealthCheckOptions {
  /** `http` sends a GET; `tcp` is content with a connection (with TLS where the origin has it). Default: http. */
  readonly type: 'http' | 'tcp' = 'http';
  /** Default: `/`. */
  readonly path: string = '/';
  /** The Host that is asked for. Empty: the address of the server. Default: empty. */
  readonly host: string = '';
  /** Statuses of a server that is well. Default: 200. */
  readonly expectedStatuses: readonly StatusRange[] = [200];
  /** Other statuses that count as a failure like any other, not as a certain one. Default: none. */
  readonly retriableStatuses: readonly StatusRange[] = [];
  /** From the end of one check to the next, in ms. Default: 5000. */
  readonly intervalMs: number = 5000;
  /** The same for a server that is ill, in ms; 0: as `intervalMs`. Default: 0. */
  readonly unhealthyIntervalMs: number = 0;
  /** Up to so much is added to each interval at random, and waited before the first check, in ms. Default: 0. */
  readonly jitterMs: number = 0;
  /** How long a check may take, connecting included, in ms. Default: 2000. */
  readonly timeoutMs: number = 2000;
  /** Successes in a row that make an ill server well; for one that was never checked, one is enough. Default: 2. */
  readonly healthyThreshold: number = 2;
  /** Failures in a row that make it ill; a wrong status does so at once. Default: 3. */
  readonly unhealthyThreshold: number = 3;
}

export const HEALTH_CHECK_RULES: OptionRules<HealthCheckOptions> = {
  type: ['http', 'tcp'],
  path: 'text',
  host: 'text',
  expectedStatuses: 'statuses',
  retriableStatuses: 'statuses',
  intervalMs: { least: 1 },
  unhealthyIntervalMs: { least: 0 },
  jitterMs: { least: 0 },
  timeoutMs: { least: 1 },
  healthyThreshold: { least: 1, isWhole: true },
  unhealthyThreshold: { least: 1, isWhole: true },
};

/** The options with their defaults. Throws a SluiceError that names what is wrong, also what could not be sent. */
export function healthCheckOptions(given: unknown, place: string): HealthCheckOptions {
  const options = checkedOptions(new HealthCheckOptions(), given, HEALTH_CHECK_RULES, place);
  const { path, host } = options;
  if (!canSend(path, 'localhost')) throw wrongConfig(`${place}.path`, 'a path, as /health', path);
  if (host !== '' && !canSend('/', host))
    throw wrongConfig(`${place}.host`, 'a host, with a port or without', host);
  return options;
}

function canSend(target: string, authority: string): boolean {
  try {
    return new HttpRequest({ method: 'GET', target, authority }).target === target;
  } catch {
    return false;
  }
}

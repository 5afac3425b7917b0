import { SluiceError } from '@sluice/core';

/** Limits and timeouts of an origin and of the connections to its servers. */
export class OriginOptions {
  /** How long connecting may take, in ms. Default: 2000. */
  readonly connectTimeoutMs: number = 2000;
  /**
   * How long a server may stay silent when it is its turn, in ms: from the end of the request to
   * the response, within a response that the client takes, and while it takes no more of a request.
   * Default: 30 000.
   */
  readonly responseTimeoutMs: number = 30_000;
  /** How long nothing may pass in either direction of a tunnel (after a 101), in ms. Default: 300 000. */
  readonly tunnelIdleTimeoutMs: number = 300_000;
  /** How long an unused connection is kept, in ms. Keep it below the servers' own. Default: 30 000. */
  readonly idleTimeoutMs: number = 30_000;
  /** Connections to each server. Default: 1024. */
  readonly maxConnections: number = 1024;
  /** Requests that may wait for a connection to each server. Default: 1024. */
  readonly maxPendingRequests: number = 1024;
  /** How long a request may wait for a connection, in ms. Default: 5000. */
  readonly pendingTimeoutMs: number = 5000;
  /** Requests on one connection before it is replaced; 0: no limit. Default: 0. */
  readonly maxRequestsPerConnection: number = 0;
}

/** The least that makes sense of each option; the counts are whole numbers. */
const LEAST: Readonly<Record<keyof OriginOptions, number>> = {
  connectTimeoutMs: 1,
  responseTimeoutMs: 1,
  tunnelIdleTimeoutMs: 1,
  idleTimeoutMs: 1,
  maxConnections: 1,
  maxPendingRequests: 1,
  pendingTimeoutMs: 1,
  maxRequestsPerConnection: 0,
};

/** The defaults, with what is given in their place. Throws a {@link SluiceError} for an unknown name or a value out of range. */
export function originOptions(given: Partial<OriginOptions> = {}, originName = ''): OriginOptions {
  for (const [name, value] of Object.entries(given)) {
    const least = LEAST[name as keyof OriginOptions] as number | undefined;
    if (least === undefined) throw wrongOption(originName, name, `is not known; the options are ${KNOWN}`);
    const isGood = typeof value === 'number' && value >= least && (!isCount(name) || Number.isInteger(value));
    if (!isGood)
      throw wrongOption(originName, name, `must be ${expected(name, least)}; got ${String(value)}`);
  }
  return Object.assign(new OriginOptions(), given);
}

const KNOWN = Object.keys(LEAST).join(', ');

function isCount(name: string): boolean {
  return name.startsWith('max');
}

function expected(name: string, least: number): string {
  return isCount(name) ? `a whole number from ${least}` : `a number of milliseconds from ${least}`;
}

function wrongOption(originName: string, name: string, what: string): SluiceError {
  const where = originName === '' ? '' : ` of the origin "${originName}"`;
  return new SluiceError('SLUICE_ORIGIN_OPTIONS', `The option ${name}${where} ${what}.`);
}

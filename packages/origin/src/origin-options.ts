import { SluiceError } from '@sluice/core';
import { withDefaults } from '@sluice/inject';
import type { OptionRules } from './checked-options.ts';

/** Limits and timeouts of an origin and of the connections to its servers. */
export class OriginOptions {
  /** How long connecting may take, in ms. Default: 2000. */
  readonly connectTimeoutMs: number = 2000;
  /**
   * So many connections to a server that fail in a row trip its circuit: it gets no requests until
   * one is made. While none of the servers takes any, all of them are used. 0: never. Default: 3.
   */
  readonly connectionFailureCountThreshold: number = 3;
  /** When the first connection is tried to a server that is tripped, in ms; each further one after twice the time. Default: 10 000. */
  readonly circuitTripTimeoutMs: number = 10_000;
  /** The longest time between two of these, in ms. Default: 30 000. */
  readonly circuitTripMaxTimeoutMs: number = 30_000;
  /**
   * How long a server may stay silent when it is its turn, in ms: from the end of the request to
   * the response, within a response that the client takes, and while it takes no more of a request.
   * Default: 30 000. On Linux a request ends when its last byte was acknowledged, and a server takes
   * it while any bytes of it leave in each half of this time. What the server's own system holds
   * for it counts as taken: of 1 MiB there it must read 35 kB/s.
   */
  readonly responseTimeoutMs: number = 30_000;
  /** How long nothing may pass in either direction of a tunnel (after a 101 or CONNECT), in ms. Default: 300 000. */
  readonly tunnelIdleTimeoutMs: number = 300_000;
  /** How long an unused connection is kept, in ms. Keep it below the servers' own. Default: 30 000. */
  readonly idleTimeoutMs: number = 30_000;
  /** How long a request may wait for a connection, in ms. Default: 5000. */
  readonly pendingTimeoutMs: number = 5000;
  /** Connections to all servers together. A server without any gets one nonetheless. Default: 1024. */
  readonly maxConnections: number = 1024;
  /** Connections to each server; 0: no limit but that for all of them. Default: 0. */
  readonly maxConnectionsPerServer: number = 0;
  /** Requests that may wait for a connection. Default: 1024. */
  readonly maxPendingRequests: number = 1024;
  /** Requests that the servers may have at a time. Default: 1024. */
  readonly maxRequests: number = 1024;
  /** Repetitions under way at a time, on top of the budget; 0: no limit but the budget. Default: 0. */
  readonly maxRetries: number = 0;
  /** The part of all requests, waiting ones included, that may be repetitions, in percent. Default: 20. */
  readonly retryBudgetPercent: number = 20;
  /** Repetitions that the budget allows however few requests there are. Default: 3. */
  readonly minRetryConcurrency: number = 3;
  /** Requests on one connection before it is replaced; 0: no limit. Default: 0. */
  readonly maxRequestsPerConnection: number = 0;
  /** How old a connection may be when it is lent, in ms; 0: no limit. Default: 0. */
  readonly maxConnectionAgeMs: number = 0;
  /** The part of that age by which connections differ, so that they don't all go at once, in percent. Default: 10. */
  readonly connectionAgeJitterPercent: number = 10;
  /** Connections to each server that are kept unused; 0: no limit. Default: 0. */
  readonly maxIdleConnections: number = 0;
  /** Connections to each server for every request that it has or that waits for it, from 1 to 3. Default: 1. */
  readonly preconnectRatio: number = 1;
}

type Kind = 'milliseconds' | 'count' | 'percent' | 'ratio';

interface Range {
  readonly kind: Kind;
  readonly least: number;
  readonly most: number;
}

const positiveMs: Range = { kind: 'milliseconds', least: 1, most: Infinity };
const anyCount: Range = { kind: 'count', least: 0, most: Infinity };
const positiveCount: Range = { kind: 'count', least: 1, most: Infinity };
const percent: Range = { kind: 'percent', least: 0, most: 100 };

/** What makes sense of each option. */
const RANGES: Readonly<Record<keyof OriginOptions, Range>> = {
  connectTimeoutMs: positiveMs,
  connectionFailureCountThreshold: anyCount,
  circuitTripTimeoutMs: positiveMs,
  circuitTripMaxTimeoutMs: positiveMs,
  responseTimeoutMs: positiveMs,
  tunnelIdleTimeoutMs: positiveMs,
  idleTimeoutMs: positiveMs,
  pendingTimeoutMs: positiveMs,
  maxConnections: positiveCount,
  maxConnectionsPerServer: anyCount,
  maxPendingRequests: positiveCount,
  maxRequests: positiveCount,
  maxRetries: anyCount,
  retryBudgetPercent: percent,
  minRetryConcurrency: anyCount,
  maxRequestsPerConnection: anyCount,
  maxConnectionAgeMs: { ...positiveMs, least: 0 },
  connectionAgeJitterPercent: percent,
  maxIdleConnections: anyCount,
  preconnectRatio: { kind: 'ratio', least: 1, most: 3 },
};

/** The same for a schema. */
export const ORIGIN_OPTION_RULES = Object.fromEntries(
  Object.entries(RANGES).map(([name, { kind, least, most }]) => [
    name,
    { least, ...(most === Infinity ? {} : { most }), isWhole: kind === 'count' },
  ]),
) as OptionRules<OriginOptions>;

/** The defaults, with what is given in their place. Throws a {@link SluiceError} for an unknown name or a value out of range. */
export function originOptions(given: Partial<OriginOptions> = {}, originName = ''): OriginOptions {
  for (const [name, value] of Object.entries(given)) {
    const range = RANGES[name as keyof OriginOptions] as Range | undefined;
    if (range === undefined) throw wrongOption(originName, name, `is not known; the options are ${KNOWN}`);
    if (!isWithin(range, value))
      throw wrongOption(originName, name, `must be ${expected(range)}; got ${String(value)}`);
  }
  return withDefaults(OriginOptions, given);
}

const KNOWN = Object.keys(RANGES).join(', ');

function isWithin({ kind, least, most }: Range, value: unknown): boolean {
  if (typeof value !== 'number' || !(value >= least && value <= most)) return false;
  return kind !== 'count' || Number.isInteger(value);
}

const WORDS: Readonly<Record<Kind, string>> = {
  milliseconds: 'a number of milliseconds',
  count: 'a whole number',
  percent: 'a percentage',
  ratio: 'a number',
};

function expected({ kind, least, most }: Range): string {
  return `${WORDS[kind]} from ${least}${most === Infinity ? '' : ` to ${most}`}`;
}

function wrongOption(originName: string, name: string, what: string): SluiceError {
  const where = originName === '' ? '' : ` of the origin "${originName}"`;
  return new SluiceError('SLUICE_ORIGIN_OPTIONS', `The option ${name}${where} ${what}.`);
}

import type { OptionRules } from '../checked-options.ts';

/** When a server is taken out for a while because of how its requests end. */
export class OutlierDetectionOptions {
  /** Statuses from 500 in a row; with `splitLocalOriginErrors` false, also failures to get one. Default: 5. */
  readonly consecutive5xx: number = 5;
  /** In how many of 100 such cases the server is ejected. Default: 100. */
  readonly enforcingConsecutive5xx: number = 100;
  /** 502, 503 and 504 in a row. Default: 5. */
  readonly consecutiveGatewayFailure: number = 5;
  /** Default: 0: it is only counted. */
  readonly enforcingConsecutiveGatewayFailure: number = 0;
  /** Failures to connect, resets and timeouts in a row; with `splitLocalOriginErrors` alone. Default: 5. */
  readonly consecutiveLocalOriginFailure: number = 5;
  /** Default: 100. */
  readonly enforcingConsecutiveLocalOriginFailure: number = 100;
  /** Counts what the server answers and what keeps it from answering apart. Default: false. */
  readonly splitLocalOriginErrors: boolean = false;
  /** How often shares are compared and ejected servers looked at, in ms. Default: 10 000. */
  readonly intervalMs: number = 10_000;
  /** The first ejection lasts so long, the second in a row twice as long, …, in ms. Default: 30 000. */
  readonly baseEjectionTimeMs: number = 30_000;
  /** Default: 300 000 ms. */
  readonly maxEjectionTimeMs: number = 300_000;
  /** Up to so much is added to an ejection at random, in ms. Default: 0. */
  readonly maxEjectionTimeJitterMs: number = 0;
  /** Of all servers of the origin. Default: 10. */
  readonly maxEjectionPercent: number = 10;
  /** One server may be ejected, however few there are. Default: true. */
  readonly alwaysEjectOneHost: boolean = true;
  /** A success of an active health check ends an ejection. Default: true. */
  readonly successfulHealthCheckUneject: boolean = true;
  /** Servers that must have had enough requests in an interval before success rates are compared. Default: 5. */
  readonly successRateMinimumHosts: number = 5;
  /** Requests that are enough. Default: 100. */
  readonly successRateRequestVolume: number = 100;
  /** Below the mean by so many thousandths of the standard deviation is too low. Default: 1900. */
  readonly successRateStdevFactor: number = 1900;
  /** Default: 100. */
  readonly enforcingSuccessRate: number = 100;
  /** Failures of 100 requests that are too many, whatever the others do. Default: 85. */
  readonly failurePercentageThreshold: number = 85;
  /** Default: 5. */
  readonly failurePercentageMinimumHosts: number = 5;
  /** Default: 50. */
  readonly failurePercentageRequestVolume: number = 50;
  /** Default: 0: it is only counted. */
  readonly enforcingFailurePercentage: number = 0;
}

const COUNT = { least: 1, isWhole: true } as const;
const PERCENT = { least: 0, most: 100 } as const;
const TIME = { least: 1 } as const;

export const OUTLIER_DETECTION_RULES: OptionRules<OutlierDetectionOptions> = {
  consecutive5xx: COUNT,
  enforcingConsecutive5xx: PERCENT,
  consecutiveGatewayFailure: COUNT,
  enforcingConsecutiveGatewayFailure: PERCENT,
  consecutiveLocalOriginFailure: COUNT,
  enforcingConsecutiveLocalOriginFailure: PERCENT,
  splitLocalOriginErrors: 'boolean',
  intervalMs: TIME,
  baseEjectionTimeMs: TIME,
  maxEjectionTimeMs: TIME,
  maxEjectionTimeJitterMs: { least: 0 },
  maxEjectionPercent: PERCENT,
  alwaysEjectOneHost: 'boolean',
  successfulHealthCheckUneject: 'boolean',
  successRateMinimumHosts: COUNT,
  successRateRequestVolume: COUNT,
  successRateStdevFactor: { least: 0 },
  enforcingSuccessRate: PERCENT,
  failurePercentageThreshold: PERCENT,
  failurePercentageMinimumHosts: COUNT,
  failurePercentageRequestVolume: COUNT,
  enforcingFailurePercentage: PERCENT,
};

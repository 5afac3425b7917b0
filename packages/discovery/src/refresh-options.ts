/** How often names are looked up again. */
export class RefreshOptions {
  /** The least time between two look-ups, whatever the TTL says, in ms. Default: 1000. */
  readonly minRefreshMs: number = 1000;
  /** The longest time between two look-ups, whatever the TTL says, in ms. Default: 300 000. */
  readonly maxRefreshMs: number = 300_000;
  /** How long an answer holds that tells no TTL: SRV records, an empty answer, the hosts file; in ms. Default: 5000. */
  readonly unknownTtlMs: number = 5000;
  /** Up to so much is added at random, so that not all gateways ask at once, in ms. Default: 250. */
  readonly jitterMs: number = 250;
  /** The first failure is followed by another try after `minRefreshMs`, each further one after twice as long up to this, in ms. Default: 30 000. */
  readonly maxFailureRefreshMs: number = 30_000;
}

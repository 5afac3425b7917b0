/** How the next of several equally good hosts is chosen. */
export const LOAD_BALANCER_POLICIES = [
  'round-robin',
  'least-request',
  'random',
  'ring-hash',
  'maglev',
] as const;

export type LoadBalancerPolicy = (typeof LOAD_BALANCER_POLICIES)[number];

/** How requests are spread over hosts. */
export class LoadBalancerOptions {
  /** Default: round-robin, by weight where the weights differ. */
  readonly policy: LoadBalancerPolicy = 'round-robin';
  /**
   * Below this share of healthy hosts, in %, all hosts of a priority are used, for those left would
   * break under the load of all; 0: never. It has no effect while other priorities can make up
   * for it. Default: 50.
   */
  readonly panicThresholdPercent: number = 50;
  /** Chooses none, in place of all, below the panic threshold. Default: false. */
  readonly failTrafficOnPanic: boolean = false;
  /** So many times the healthy share of a priority counts as its health. Default: 1.4. */
  readonly overprovisioningFactor: number = 1.4;
  /** How long a host that has become fit gets less than its share, in ms; 0: not at all. Not for hashing and random. Default: 0. */
  readonly slowStartWindowMs: number = 0;
  /** Above 1, its share grows faster at first. Default: 1, evenly. */
  readonly slowStartAggression: number = 1;
  /** The least that it gets of its share meanwhile, in %. Default: 10. */
  readonly slowStartMinWeightPercent: number = 10;
  /** Hosts that least-request draws to compare. Default: 2. */
  readonly choiceCount: number = 2;
  /** How much active requests count against weight in least-request; 0: not at all. Default: 1. */
  readonly activeRequestBias: number = 1;
  /** Places on the ring of ring-hash, at least. Default: 1024. */
  readonly minRingSize: number = 1024;
  /** Places on the ring of ring-hash, at most. Default: 8 388 608. */
  readonly maxRingSize: number = 8_388_608;
  /** Places in the table of maglev; a prime above the number of hosts. Default: 65 537. */
  readonly maglevTableSize: number = 65_537;
}

import { LOAD_BALANCER_POLICIES, LoadBalancerOptions } from '@sluice/load-balancing';
import { checkedOptions, isObject, wrongConfig } from '../checked-options.ts';
import type { OptionRules } from '../checked-options.ts';

const PERCENT = { least: 0, most: 100 } as const;
const MAX_RING_SIZE = 8_388_608;
// A hash is taken modulo the size in whole numbers only below this.
const MAX_TABLE_SIZE = 2 ** 21 - 1;

export const LOAD_BALANCER_RULES: OptionRules<LoadBalancerOptions> = {
  policy: LOAD_BALANCER_POLICIES,
  panicThresholdPercent: PERCENT,
  failTrafficOnPanic: 'boolean',
  overprovisioningFactor: { least: 1 },
  slowStartWindowMs: { least: 0 },
  slowStartAggression: { least: 0.01 },
  slowStartMinWeightPercent: { least: 0.01, most: 100 },
  choiceCount: { least: 1, isWhole: true },
  activeRequestBias: { least: 0 },
  minRingSize: { least: 1, most: MAX_RING_SIZE, isWhole: true },
  maxRingSize: { least: 1, most: MAX_RING_SIZE, isWhole: true },
  maglevTableSize: { least: 2, most: MAX_TABLE_SIZE, isWhole: true },
};

/** The options of a balancer. Throws a SluiceError that names what is wrong with them. */
export function loadBalancerOptions(given: unknown, path: string): LoadBalancerOptions {
  const isPolicy = typeof given === 'string';
  if (!isPolicy && !isObject(given)) throw wrongConfig(path, 'a policy or an object', given);
  const options = checkedOptions(
    new LoadBalancerOptions(),
    isPolicy ? { policy: given } : given,
    LOAD_BALANCER_RULES,
    path,
  );
  const { minRingSize, maxRingSize, maglevTableSize } = options;
  if (minRingSize > maxRingSize) throw wrongConfig(`${path}.minRingSize`, 'at most maxRingSize', minRingSize);
  if (!isPrime(maglevTableSize)) throw wrongConfig(`${path}.maglevTableSize`, 'a prime', maglevTableSize);
  return options;
}

function isPrime(number: number): boolean {
  for (let divisor = 2; divisor * divisor <= number; divisor++) if (number % divisor === 0) return false;
  return true;
}

import type { Host } from './host.ts';
import type { HostPicker, PickerSettings } from './host-picker.ts';
import type { LoadBalancerPolicy } from './load-balancer-options.ts';
import { LeastRequestPicker } from './least-request-picker.ts';
import { MaglevPicker } from './maglev-picker.ts';
import { RandomPicker } from './random-picker.ts';
import { RingHashPicker } from './ring-hash-picker.ts';
import { RoundRobinPicker } from './round-robin-picker.ts';
import { WeightedPicker } from './weighted-picker.ts';

/** The picker of the policy that the options name. */
export function makePicker<H extends Host>(hosts: readonly H[], settings: PickerSettings): HostPicker<H> {
  const { options, random, slowStart } = settings;
  switch (options.policy) {
    case 'least-request':
      return isEven(hosts, settings)
        ? new LeastRequestPicker(hosts, random, options.choiceCount)
        : new WeightedPicker(hosts, random, (host) => weightUnderLoad(host, settings));
    case 'random':
      return new RandomPicker(hosts, random);
    case 'ring-hash':
      return new RingHashPicker(hosts, random, options);
    case 'maglev':
      return new MaglevPicker(hosts, random, options.maglevTableSize);
    default:
      return isEven(hosts, settings)
        ? new RoundRobinPicker(hosts, random)
        : new WeightedPicker(hosts, random, (host) => slowStart.weightOf(host));
  }
}

/** Whether the policy looks at the hash of a request. */
export function isHashing(policy: LoadBalancerPolicy): boolean {
  return policy === 'ring-hash' || policy === 'maglev';
}

/** Whether all hosts are to get the same. */
function isEven(hosts: readonly Host[], { slowStart }: PickerSettings): boolean {
  return hosts.every(({ weight }) => weight === hosts[0]?.weight) && !slowStart.isNeededBy(hosts);
}

function weightUnderLoad(host: Host, { options, slowStart }: PickerSettings): number {
  return slowStart.weightOf(host) / (host.activeRequests + 1) ** options.activeRequestBias;
}

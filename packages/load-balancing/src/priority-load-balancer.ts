import type { Hash64 } from './hash64.ts';
import type { Host } from './host.ts';
import type { PickerSettings } from './host-picker.ts';
import { LoadBalancerOptions } from './load-balancer-options.ts';
import type { LoadBalancer } from './load-balancer.ts';
import { PriorityGroup } from './priority-group.ts';
import { healthPercent, panicLoads, priorityLoads, totalHealth } from './priority-loads.ts';
import { SlowStart } from './slow-start.ts';

/** What a balancer is made with, beside its options. */
export interface LoadBalancerSettings {
  /** Milliseconds, never going back; for slow start. Default: real time. */
  readonly nowMs?: () => number;
  /** From 0 up to but not including 1. Default: `Math.random`. */
  readonly random?: () => number;
}

// How often a host is picked again, in the hope of one that has not been tried, before all are looked at.
const PICKS_FOR_UNTRIED = 3;

/**
 * Spreads requests over the priorities of its hosts by their health, and within a priority by the
 * policy of its options.
 *
 *     hosts ─ by priority ─▶ PriorityGroup (healthy ones, or all in panic) ─ policy ─▶ HostPicker ─▶ host
 *              priorityLoads: how many % each
 *
 * What can be known before a request comes is worked out once after each `update`, at the first
 * request that follows.
 */
export class PriorityLoadBalancer<H extends Host> implements LoadBalancer<H> {
  readonly #options: LoadBalancerOptions;
  readonly #settings: PickerSettings;
  #hosts: readonly H[] = [];
  #groups: PriorityGroup<H>[] = [];
  #only: PriorityGroup<H> | undefined = undefined;
  #isStale = false;

  constructor(options: Partial<LoadBalancerOptions> = {}, settings: LoadBalancerSettings = {}) {
    const { nowMs = () => performance.now(), random = Math.random } = settings;
    this.#options = Object.assign(new LoadBalancerOptions(), options);
    this.#settings = { options: this.#options, slowStart: new SlowStart(this.#options, nowMs), random };
  }

  /** Whether a priority that gets requests has so few healthy hosts that it uses all. */
  get isInPanic(): boolean {
    this.#refresh();
    return this.#groups.some(({ isInPanic, load }) => isInPanic && load > 0);
  }

  update(hosts: readonly H[]): void {
    this.#hosts = hosts;
    this.#isStale = true;
  }

  choose(hash?: Hash64, tried?: readonly H[]): H | undefined {
    if (this.#isStale) this.#refresh();
    const group = this.#only ?? this.#groupFor(hash);
    return tried === undefined ? group?.picker.pick(hash) : this.#chooseAgain(group, hash, tried);
  }

  #groupFor(hash: Hash64 | undefined): PriorityGroup<H> | undefined {
    let point = hash === undefined ? this.#settings.random() * 100 : hash.mod(100);
    for (const group of this.#groups) {
      if (point < group.load) return group;
      point -= group.load;
    }
    return undefined;
  }

  #chooseAgain(
    group: PriorityGroup<H> | undefined,
    hash: Hash64 | undefined,
    tried: readonly H[],
  ): H | undefined {
    const isUntried = (host: H): boolean => !tried.includes(host);
    const first = group?.retryPicker.pick(hash);
    if (first === undefined || isUntried(first)) return first;
    for (let attempt = 1; attempt <= PICKS_FOR_UNTRIED; attempt++) {
      const host = group?.retryPicker.pick(hash?.derived(attempt));
      if (host !== undefined && isUntried(host)) return host;
    }
    const others = this.#groups.flatMap(({ usable }) => usable);
    return group?.usable.find(isUntried) ?? others.find(isUntried) ?? first;
  }

  #refresh(): void {
    if (!this.#isStale) return;
    this.#isStale = false;
    const { overprovisioningFactor, panicThresholdPercent: threshold, failTrafficOnPanic } = this.#options;
    const byPriority = groupByPriority(this.#hosts);
    const healthy = byPriority.map((hosts) => hosts.filter(({ isHealthy }) => isHealthy));
    const healths = byPriority.map(({ length }, at) =>
      healthPercent(healthy[at]?.length ?? 0, length, overprovisioningFactor),
    );
    const canPanic = totalHealth(healths) < 100;
    const panics = byPriority.map(
      ({ length }, at) => canPanic && 100 * (healthy[at]?.length ?? 0) < threshold * length,
    );
    const reachable = reachableOf(byPriority);
    const loads = panics.every(Boolean)
      ? panicLoads(reachable.map(({ length }) => length))
      : priorityLoads(healths);
    this.#groups = byPriority.map((_all, at) => {
      const isInPanic = panics[at] ?? false;
      const whenPanicking = failTrafficOnPanic ? [] : (reachable[at] ?? []);
      const usable = isInPanic ? whenPanicking : (healthy[at] ?? []);
      return new PriorityGroup(usable, loads[at] ?? 0, isInPanic, this.#settings);
    });
    this.#only = this.#groups.find(({ load }) => load === 100);
  }
}

/** Of each priority those that are not known to take no connection, or all where none of any priority is left. */
function reachableOf<H extends Host>(byPriority: readonly (readonly H[])[]): readonly (readonly H[])[] {
  const known = byPriority.map((hosts) => hosts.filter(({ isUnreachable }) => isUnreachable !== true));
  return known.every(({ length }) => length === 0) ? byPriority : known;
}

/** The hosts of each priority that there is, the first first. */
function groupByPriority<H extends Host>(hosts: readonly H[]): H[][] {
  const groups = new Map<number, H[]>();
  for (const host of hosts) {
    const group = groups.get(host.priority);
    if (group === undefined) groups.set(host.priority, [host]);
    else group.push(host);
  }
  return [...groups].toSorted(([a], [b]) => a - b).map(([, group]) => group);
}

import { isSameData } from '@sluice/core';
import type { FilterClass } from '@sluice/filters';
import { resolveDependencies } from '@sluice/inject';
import type { HandlerClass } from '@sluice/inject';
import type { Container, Newable } from 'inversify';

/**
 * Binds the instances that another container has of these classes where they would be made of the
 * same again: options that say the same, and else the very same objects. So counts, caches and
 * buckets outlive a reload that does not concern them.
 */
export function carryOver(from: Container, to: Container, types: Iterable<HandlerClass | FilterClass>): void {
  for (const type of new Set(types) as Set<Newable>) {
    // A class that was never asked for is bound nowhere.
    if (!from.isCurrentBound(type) || to.isCurrentBound(type)) continue;
    const [before, now] = [resolveDependencies(from, type), resolveDependencies(to, type)];
    if (isSameData(before, now)) to.bind(type).toConstantValue(from.get(type));
  }
}

import { isSameData } from '@sluice/core';
import type { FilterClass } from '@sluice/filters';
import { injectedOwn, resolveDependencies } from '@sluice/inject';
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

/**
 * Binds what these filters inject, nobody has bound, and is made of nothing: one instance for all of them, those that
 * there were `before` where there are. So it stays over reloads, and who injects it can stay too. Returns all of them.
 */
export function shareUnbound(
  container: Container,
  filters: Iterable<FilterClass>,
  before: ReadonlyMap<Newable, object> = new Map(),
): ReadonlyMap<Newable, object> {
  const shared = new Map<Newable, object>();
  for (const type of [...filters].flatMap((filter) => injectedOwn(filter as Newable))) {
    if (container.isCurrentBound(type)) continue;
    const instance = before.get(type) ?? new type();
    container.bind(type).toConstantValue(instance);
    shared.set(type, instance);
  }
  return shared;
}

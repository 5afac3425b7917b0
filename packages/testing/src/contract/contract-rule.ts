import type { HandlerMethod } from '@sluice/core';
import type { ContractCheck } from './contract-options.ts';

/** A check, and the events and operations that a handler must pass on for it to mean something. */
export interface ContractRule extends ContractCheck {
  readonly needs: readonly HandlerMethod[];
}

/** The checks for a handler that keeps `consumes` for itself. */
export function rulesFor(
  consumes: readonly HandlerMethod[],
  rules: readonly ContractRule[],
): readonly ContractCheck[] {
  return rules.filter(({ needs }) => !needs.some((method) => consumes.includes(method)));
}

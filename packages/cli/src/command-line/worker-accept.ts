import { canReusePort } from '@sluice/core';
import { UsageError } from './usage-error.ts';

const WAYS = ['round-robin', 'shared', 'reuse-port'] as const;

/**
 * How connections get to several workers: the primary hands them out in turn, all accept from one queue, or each has a
 * queue of its own that the system fills.
 */
export type WorkerAccept = (typeof WAYS)[number];

/** Throws a {@link UsageError}. */
export function parseWorkerAccept(text: string | undefined): WorkerAccept | undefined {
  if (text === undefined) return undefined;
  const way = WAYS.find((candidate) => candidate === text);
  if (way === undefined) throw new UsageError(`--worker-accept takes ${WAYS.join(', ')}; got "${text}".`);
  if (way === 'reuse-port' && !canReusePort()) {
    const needs = 'needs Node.js 22.12 or later, or 23.1';
    throw new UsageError(`--worker-accept reuse-port ${needs}; this is ${process.versions.node}.`);
  }
  return way;
}

import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** The branch of a union that what was found was probably meant to be; undefined when it is of no branch's kind. */
export function bestBranch(branches: readonly (readonly Issue[])[]): number | undefined {
  let best: number | undefined;
  for (const [index, issues] of branches.entries()) {
    if (issues.some(isOfAnotherKind)) continue;
    if (best === undefined || cost(issues) < cost(branches[best] ?? [])) best = index;
  }
  return best;
}

/** A text where a map is expected, and the like, at the union itself. */
function isOfAnotherKind(issue: Issue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code !== 'invalid_value') return issue.code === 'invalid_type';
  return !issue.values.some((value) => typeof value === typeof issue.input);
}

// A wrong constant, such as that which tells branches apart, weighs more than any other fault.
const WRONG_CONSTANT = 100;

function cost(issues: readonly Issue[]): number {
  let cost = 0;
  for (const issue of issues)
    cost += issue.code === 'invalid_value' && issue.values.length === 1 ? WRONG_CONSTANT : weight(issue);
  return cost;
}

function weight(issue: Issue): number {
  return issue.code === 'unrecognized_keys' ? issue.keys.length : 1;
}

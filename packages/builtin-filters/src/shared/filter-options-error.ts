import { SluiceError } from '@sluice/core';
import type { z } from 'zod';

/** The options of a built-in filter are wrong. Names every path, what was expected and what was found. */
export class FilterOptionsError extends SluiceError {
  override readonly name = 'FilterOptionsError';

  constructor(filter: string, issues: readonly z.core.$ZodIssue[]) {
    super('SLUICE_FILTER_OPTIONS', issues.map((issue) => `${filter}: ${describe(issue)}`).join('\n'));
  }
}

function describe(issue: z.core.$ZodIssue): string {
  const where = issue.path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('');
  return `${where.replace(/^\./, '') || 'options'}: ${messageOf(issue)}${found(issue.input)}`;
}

// Of a key, the rule that it breaks says more than that it breaks one.
function messageOf(issue: z.core.$ZodIssue): string {
  return (issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined) ?? issue.message;
}

// Text may be a secret; where it helps, the rule's own message quotes it.
function found(input: unknown): string {
  return typeof input === 'number' || typeof input === 'boolean' ? ` (found ${input})` : '';
}

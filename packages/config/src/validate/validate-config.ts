import type { z } from 'zod';
import type { MarkedFinding } from '../finding.ts';
import type { ConfigPath } from '../source/config-path.ts';
import { nodeAt } from '../source/config-node.ts';
import type { ConfigSource } from '../source/config-source.ts';
import { expectation } from './expectation.ts';
import { IssueFindings } from './issue-findings.ts';
import { convertSubstituted } from './convert-substituted.ts';

export interface Validated<Config> {
  /** Undefined when there are findings. */
  readonly value: Config | undefined;
  readonly findings: readonly MarkedFinding[];
}

/** Checks what was read against a schema. What `${…}` stood for becomes a number or a boolean where one is expected. */
export function validateConfig<Schema extends z.ZodType>(
  source: ConfigSource,
  schema: Schema,
): Validated<z.output<Schema>> {
  const plain = source.plain;
  const first = schema.safeParse(plain, { error: expectation, reportInput: true });
  if (first.success) return { value: first.data, findings: [] };
  const isSubstituted = (path: ConfigPath): boolean => {
    const node = nodeAt(source.root, path);
    return node?.kind === 'scalar' && node.isSubstituted;
  };
  if (!convertSubstituted(plain, first.error.issues, isSubstituted))
    return { value: undefined, findings: new IssueFindings(source, schema).of(first.error.issues) };
  const second = schema.safeParse(plain, { error: expectation, reportInput: true });
  if (second.success) return { value: second.data, findings: [] };
  return { value: undefined, findings: new IssueFindings(source, schema).of(second.error.issues) };
}

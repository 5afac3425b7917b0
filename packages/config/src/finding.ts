import { formatPath } from './source/config-path.ts';
import type { ConfigPath } from './source/config-path.ts';
import { Mark } from './source/source-file.ts';
import type { Position } from './source/source-file.ts';

export type Severity = 'error' | 'warning';

/** One thing that is wrong, or that is probably not meant, at its place. */
export interface Finding {
  readonly severity: Severity;
  readonly position: Position;
  readonly path: ConfigPath;
  /** What was found, what was expected, and what was probably meant. */
  readonly message: string;
  /** The name of the check that found it; undefined for the syntax and the schema. */
  readonly check?: string;
}

/** A finding whose line nobody has asked for yet. */
export interface MarkedFinding extends Omit<Finding, 'position'> {
  readonly mark: Mark;
  readonly isSecret?: boolean;
}

/** The findings with their positions, by file and position. Lines with one of the secrets are not shown. */
export function sortFindings(
  findings: readonly MarkedFinding[],
  secrets: readonly Mark[] = [],
): readonly Finding[] {
  const hidden = new Set(secrets.map((mark) => mark.line));
  return findings
    .toSorted((a, b) => Mark.compare(a.mark, b.mark))
    .map((finding) => placed(finding, finding.isSecret === true || hidden.has(finding.mark.line)));
}

function placed({ severity, path, message, check, mark }: MarkedFinding, isHidden: boolean): Finding {
  const by = check === undefined ? {} : { check };
  return { severity, path, message, ...by, position: mark.position(isHidden) };
}

/** `file:line:column path: what was found, what was expected`, on one line. */
export function formatFinding({ position, path, message, severity, check }: Finding): string {
  const { file, line, column } = position;
  const kind = severity === 'warning' ? 'warning: ' : '';
  const by = check === undefined ? '' : ` [${check}]`;
  return `${file}:${line}:${column} ${formatPath(path)}: ${kind}${message}${by}`;
}

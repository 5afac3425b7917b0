import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

/** What `npm audit --json` came to: `failed` for a vulnerability that must not be shipped. */
export interface AuditOutcome {
  readonly result: 'passed' | 'failed' | 'unknown';
  readonly message: string;
}

interface Report {
  readonly message?: string;
  readonly metadata?: { readonly vulnerabilities: Readonly<Record<string, number>> };
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string }>>;
}

const REFUSED: ReadonlySet<string> = new Set(['high', 'critical']);

/** Reads what npm has printed. A registry that can't be asked is no finding, and said to be so. */
export function auditOutcome(printed: string): AuditOutcome {
  const report = parse(printed);
  const { metadata, vulnerabilities = {} } = report;
  if (metadata === undefined) {
    const why = report.message ?? 'npm printed no report';
    return { result: 'unknown', message: `The registry could not be asked for vulnerabilities: ${why}.` };
  }
  const refused = Object.entries(vulnerabilities)
    .filter(([, { severity }]) => REFUSED.has(severity))
    .map(([name, { severity }]) => `${name} (${severity})`);
  const all = Object.values(vulnerabilities).length;
  if (refused.length === 0) return { result: 'passed', message: `None of level high; ${all} below.` };
  return { result: 'failed', message: `Known vulnerabilities: ${refused.join(', ')}. See npm audit.` };
}

function parse(printed: string): Report {
  try {
    return JSON.parse(printed) as Report;
  } catch {
    return {};
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  const { result, message } = auditOutcome(stdout);
  console.log(`${result}: ${message}`);
  if (result === 'failed') process.exitCode = 1;
}

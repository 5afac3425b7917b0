import { ConfigError, prettyFindings } from '@sluice/config';
import type { Finding, ReadOptions } from '@sluice/config';
import { loadGatewayConfig } from '@sluice/gateway/config';
import type { LoadedGatewayConfig } from '@sluice/gateway/config';
import { components } from './components.ts';
import { ConfigRefusedError } from './config-refused-error.ts';

/** Loads a configuration file. Rejects with a {@link ConfigRefusedError} that shows every error. */
export async function loadConfigFile(path: string, options?: ReadOptions): Promise<LoadedGatewayConfig> {
  try {
    return await loadGatewayConfig(path, components, options);
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new ConfigRefusedError(`${showFindings(cause.findings)}\n${summary(cause.findings)}`, cause);
  }
}

/** Findings for standard error: in colours on a terminal, unless NO_COLOR is set. */
export function showFindings(findings: readonly Finding[]): string {
  return prettyFindings(findings, { colors: process.stderr.isTTY && !process.env['NO_COLOR'] });
}

function summary(findings: readonly Finding[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return errors === 1 ? '1 error.' : `${errors} errors.`;
}

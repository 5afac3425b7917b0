import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ConfigError, formatFinding } from '@sluice/config';
import type { Finding } from '@sluice/config';
import { loadGatewayConfig } from '@sluice/gateway/config';
import type { LoadedGatewayConfig } from '@sluice/gateway/config';
import { onTestFinished } from 'vitest';
import { components } from '@sluice/cli/config';

/** Loads a text as the file `main.yaml` of the reference gateway, beside the other files. */
export async function load(
  text: string,
  files: Readonly<Record<string, string>> = {},
  registry = components,
): Promise<LoadedGatewayConfig> {
  const folder = folderWith({ ...files, 'main.yaml': text });
  return loadGatewayConfig(join(folder, 'main.yaml'), registry, { env: {} });
}

/** A folder with these files, gone when the test is over. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-gateway-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** What is found in a text, errors or warnings, each as its line without the file. */
export async function findingsOf(
  text: string,
  files: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  try {
    return (await load(text, files)).config.warnings.map(line);
  } catch (cause) {
    if (cause instanceof ConfigError) return cause.findings.map(line);
    throw cause;
  }
}

function line(finding: Finding): string {
  return formatFinding(finding).replace(/^.*?main\.yaml:/, '');
}

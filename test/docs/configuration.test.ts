import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { ConfigError, prettyFindings } from '@sluice/config';
import { gatewayChecks, loadGatewayConfig } from '@sluice/gateway/config';
import { expect, it, onTestFinished } from 'vitest';
import { components } from '@sluice/cli/config';

const page = readFileSync('docs/configuration.md', 'utf8');
const BLOCK = /```yaml\n(?<code>.*?)```(?:\n\n```text\n(?<errors>.*?)```)?/gs;
const blocks = [...page.matchAll(BLOCK)].map(({ groups }) => ({
  code: groups?.['code'] ?? '',
  errors: groups?.['errors'] ?? '',
}));

it('has blocks to check, one of them wrong on purpose', () => {
  expect(blocks.length).toBeGreaterThan(5);
  expect(blocks.filter(({ errors }) => errors !== '')).toHaveLength(1);
});

it.each(blocks)('shows a file that is good, or the errors that it has: %#', async ({ code, errors }) => {
  expect(await outcomeOf(code)).toBe(errors);
});

it('names every check, and none that is not there', () => {
  const named = page.matchAll(/^\| `(?<name>[a-z-]+)` +\| .* \| (?:error|warning) +\|$/gm);

  expect(new Set([...named].map(({ groups }) => groups?.['name']))).toEqual(
    new Set(gatewayChecks(components).map(({ name }) => name)),
  );
});

it('names every key of a file', () => {
  const { properties } = JSON.parse(readFileSync('packages/gateway/gateway.schema.json', 'utf8')) as {
    properties: object;
  };

  for (const key of Object.keys(properties)) expect(page).toMatch(new RegExp(`^\\| \`${key}\` +\\|`, 'm'));
});

it('links only to files that are there', () => {
  const links = [...page.matchAll(/\]\((?<path>[^)#]+)\)/g)].map(({ groups }) => groups?.['path'] ?? '');

  expect(links.length).toBeGreaterThan(2);
  for (const link of links) expect(() => readFileSync(join('docs', link)), link).not.toThrow();
});

async function outcomeOf(code: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-docs-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'gateway.yaml');
  writeFileSync(path, code);
  try {
    const { config } = await loadGatewayConfig(path, components, { env: {} });
    return prettyFindings(config.warnings);
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    return `${prettyFindings(cause.findings)}\n`.replaceAll(folder + sep, '');
  }
}

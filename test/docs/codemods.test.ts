import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CODEMODS, REMOVALS } from '../../packages/create-sluice/src/upgrade/codemods.ts';

it.each([
  ['@sluice/gateway', ['Route', 'RouterFilter', 'RouteTable'], 'router'],
  ['@sluice/handler-http', ['SSL_HANDSHAKE_INFO', 'SslHandshakeInfo'], 'handler-tls'],
  ['@sluice/handler-metrics', ['mergeMetrics', 'metricsText', 'withoutGauges'], 'handler-metrics/prometheus'],
  ['../apps/gateway/src/command-line.ts', ['parseCommandLine'], 'cli'],
  ['../apps/gateway/src/pipeline.ts', ['originHandlers', 'serverHandlers', 'tlsServerHandlers'], 'cli'],
  ['../apps/gateway/src/reference-gateway.ts', ['startReferenceGateway', 'stopReferenceGateway'], 'cli'],
  ['../apps/gateway/src/usage-error.ts', ['UsageError'], 'cli'],
  ['../apps/gateway/src/components.ts', ['components'], 'cli/config'],
])('has the names of %s imported from where they are exported', (from, names, entry) => {
  const text = CODEMODS.reduce(
    (text, { apply }) => apply(text),
    `import { ${names.join(', ')} } from '${from}';`,
  );

  expect(text).toBe(`import { ${names.join(', ')} } from '@sluice/${entry}';`);
  for (const name of names) expect(exportsOf(entry)).toContain(name);
});

it.each(REMOVALS.map(({ from, name, instead }) => [name, from, instead]))(
  'has no export %s of %s, as an upgrade says',
  (name, from, instead) => {
    expect(exportsOf(from.replace('@sluice/', ''))).not.toContain(name);
    expect(instead).not.toBe('');
  },
);

/** What an entry point gives to others, by its api.md. */
function exportsOf(entry: string): readonly string[] {
  const [folder = ''] = entry.split('/');
  const report = readFileSync(`packages/${folder}/api.md`, 'utf8');
  const section = report.split(/^## /m).find((part) => part.startsWith(`\`@sluice/${entry}\``)) ?? '';
  const [exported = ''] = section.split('Not exported,');
  const names = /^(?:abstract )?(?:class|const|enum|function|interface|let|type) (?<name>[\w$]+)/gm;
  const found = [...exported.matchAll(names)].flatMap(({ groups }) => groups?.['name'] ?? []);
  expect(found).not.toEqual([]);
  return found;
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { z } from 'zod';
import type { CheckFinding, ConfigCheck } from './check/check.ts';
import { ConfigError } from './config-error.ts';
import { sortFindings } from './finding.ts';
import type { MarkedFinding } from './finding.ts';
import { LoadedConfig } from './loaded-config.ts';
import { readConfig } from './source/config-reader.ts';
import type { ReadOptions } from './source/config-reader.ts';
import { scalarsOf } from './source/config-node.ts';
import type { ConfigPath } from './source/config-path.ts';
import type { ConfigSource } from './source/config-source.ts';
import type { Mark } from './source/source-file.ts';
import { isSecretInSchema } from './validate/schema-walk.ts';
import { validateConfig } from './validate/validate-config.ts';

/** A schema, with the checks of what it lets through. */
export interface ConfigDefinition<Schema extends z.ZodType> {
  readonly schema: Schema;
  readonly checks?: readonly ConfigCheck<z.output<Schema>>[];
}

/** Makes the schema of a configuration from what was read of it, such as the plugins that it names. */
export type DefinitionOf<Schema extends z.ZodType> = (
  source: ConfigSource,
  report: (finding: CheckFinding) => void,
) => ConfigDefinition<Schema> | Promise<ConfigDefinition<Schema>>;

export interface LoadOptions<Schema extends z.ZodType> extends ReadOptions {
  readonly definition: ConfigDefinition<Schema> | DefinitionOf<Schema>;
}

/**
 * Loads a file with all that it includes. Rejects with a {@link ConfigError} that has every error at once. Reading,
 * the schema and each check have a turn of the event loop of their own, so that a program that serves goes on serving.
 */
export async function loadConfig<Schema extends z.ZodType>(
  path: string,
  options: LoadOptions<Schema>,
): Promise<LoadedConfig<z.output<Schema>>> {
  const source = readConfig(path, options);
  const findings: MarkedFinding[] = [...source.findings];
  const { schema, checks = [] } = await definitionOf(options, source, findings);
  refuseErrors(findings, source, []);
  const isSecret = (at: ConfigPath): boolean => source.isSecret(at) || isSecretInSchema(schema, at);
  await nextTurn();
  const { value, findings: faults } = validateConfig(source, schema);
  if (faults.length > 0) refuseErrors(faults, source, secretMarks(source, isSecret));
  const config = value as z.output<Schema>;
  for (const check of checks) {
    await nextTurn();
    for (const found of check.run(config))
      findings.push({ ...marked(source, found), check: check.name, isSecret: isSecret(found.path) });
  }
  await nextTurn();
  const secrets = findings.length > 0 ? secretMarks(source, isSecret) : [];
  refuseErrors(findings, source, secrets);
  return new LoadedConfig(config, source, sortFindings(findings, secrets), isSecret);
}

async function definitionOf<Schema extends z.ZodType>(
  { definition }: LoadOptions<Schema>,
  source: ConfigSource,
  findings: MarkedFinding[],
): Promise<ConfigDefinition<Schema>> {
  if (typeof definition !== 'function') return definition;
  return definition(source, (found) => void findings.push(marked(source, found)));
}

function marked(source: ConfigSource, { isAtKey = false, ...finding }: CheckFinding): MarkedFinding {
  const { path } = finding;
  return { ...finding, mark: isAtKey ? source.keyMarkAt(path) : source.markAt(path) };
}

/** Where secrets are written into the files themselves. */
function secretMarks(source: ConfigSource, isSecret: (path: ConfigPath) => boolean): readonly Mark[] {
  return scalarsOf(source.root).flatMap(({ node, path }) => (isSecret(path) ? [node.mark] : []));
}

function refuseErrors(
  findings: readonly MarkedFinding[],
  { files }: ConfigSource,
  secrets: readonly Mark[],
): void {
  if (findings.some(({ severity }) => severity === 'error'))
    throw new ConfigError(sortFindings(findings, secrets), files);
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { z } from 'zod';
import type { CheckFinding, ConfigCheck } from './check/check.ts';
import { ConfigError } from './config-error.ts';
import { Secrets } from './effective/secrets.ts';
import { sortFindings } from './finding.ts';
import type { Finding, MarkedFinding } from './finding.ts';
import { LoadedConfig } from './loaded-config.ts';
import { readConfig } from './source/config-reader.ts';
import type { ReadOptions } from './source/config-reader.ts';
import type { ConfigSource } from './source/config-source.ts';
import { NamedFiles } from './source/named-files.ts';
import { isSecretAt } from './validate/secret-places.ts';
import { validateConfig } from './validate/validate-config.ts';

/** A schema, with the checks of what it lets through. */
export interface ConfigDefinition<Schema extends z.ZodType> {
  readonly schema: Schema;
  readonly checks?: readonly ConfigCheck<z.output<Schema>>[];
  /**
   * Paths of files that a configuration names, whose contents count as part of it: it is another one when they are
   * others, and whoever watches it watches them. Default: none.
   */
  readonly filesOf?: (config: z.output<Schema>) => readonly string[];
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
  const { schema, checks = [], filesOf = () => [] } = await definitionOf(options, source, findings);
  // Before there is a schema, a line is shown as it is: it names the files of secrets, and not what they hold.
  const ofFiles = new Secrets(source, (at) => source.isSecret(at));
  refuseErrors(source.files, findings, (found) => sortFindings(withoutSecrets(found, ofFiles)));
  const secrets = new Secrets(source, (at) => isSecretAt(source, schema, at));
  const shown = (found: readonly MarkedFinding[]): readonly Finding[] =>
    found.length === 0 ? [] : sortFindings(withoutSecrets(found, secrets), secrets.marks);
  await nextTurn();
  const { value, findings: faults } = validateConfig(source, schema);
  refuseErrors(source.files, faults, shown);
  const config = value as z.output<Schema>;
  const named = new NamedFiles(filesOf(config));
  for (const check of checks) {
    await nextTurn();
    for (const found of check.run(config))
      findings.push({ ...marked(source, spokenOf(found, secrets)), check: check.name });
  }
  await nextTurn();
  refuseErrors([...source.files, ...named.paths], findings, shown);
  return new LoadedConfig(config, source, shown(findings), secrets, named);
}

async function definitionOf<Schema extends z.ZodType>(
  { definition }: LoadOptions<Schema>,
  source: ConfigSource,
  findings: MarkedFinding[],
): Promise<ConfigDefinition<Schema>> {
  if (typeof definition !== 'function') return definition;
  return definition(source, (found) => void findings.push(marked(source, found)));
}

function marked(
  source: ConfigSource,
  { isAtKey = false, ...finding }: CheckFinding & Pick<MarkedFinding, 'isSecret'>,
): MarkedFinding {
  const { path } = finding;
  return { ...finding, mark: isAtKey ? source.keyMarkAt(path) : source.markAt(path) };
}

/** Of a secret, what is fit to be said. */
function spokenOf(found: CheckFinding, secrets: Secrets): CheckFinding & Pick<MarkedFinding, 'isSecret'> {
  const { ofSecret, ...finding } = found;
  const isSecret = secrets.has(found.path);
  const isOfValue = isSecret && found.isAtKey !== true;
  return { ...finding, isSecret, message: (isOfValue ? ofSecret : undefined) ?? found.message };
}

/** Whoever speaks of a value does not know whether it is a secret, nor that another value is. */
function withoutSecrets(findings: readonly MarkedFinding[], secrets: Secrets): readonly MarkedFinding[] {
  return findings.map((finding) => ({ ...finding, message: secrets.hide(finding.message) }));
}

function refuseErrors(
  files: readonly string[],
  findings: readonly MarkedFinding[],
  shown: (findings: readonly MarkedFinding[]) => readonly Finding[],
): void {
  if (findings.some(({ severity }) => severity === 'error')) throw new ConfigError(shown(findings), files);
}

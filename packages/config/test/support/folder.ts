import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { ConfigError, loadConfig } from '@sluice/config';
import type { LoadedConfig, LoadOptions } from '@sluice/config';

/** A folder with files of a test, gone when it is over. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'sluice-config-'));

  constructor(files: Readonly<Record<string, string>> = {}) {
    onTestFinished(() => rmSync(this.path, { recursive: true }));
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  write(name: string, text: string | Uint8Array): void {
    mkdirSync(dirname(this.file(name)), { recursive: true });
    writeFileSync(this.file(name), text);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  load<Schema extends z.ZodType = z.ZodUnknown>(
    schema: Schema,
    options: Partial<LoadOptions<Schema>> = {},
  ): Promise<LoadedConfig<z.output<Schema>>> {
    return loadConfig(this.file('main.yaml'), { definition: { schema }, env: {}, ...options });
  }

  /** The lines of the error that loading `main.yaml` ends with, with names relative to the folder. */
  async errors<Schema extends z.ZodType>(
    schema: Schema,
    options: Partial<LoadOptions<Schema>> = {},
  ): Promise<readonly string[]> {
    const error = await this.refusal(schema, options);
    return error.message.replaceAll(this.path + sep, '').split('\n');
  }

  async refusal<Schema extends z.ZodType>(
    schema: Schema,
    options: Partial<LoadOptions<Schema>> = {},
  ): Promise<ConfigError> {
    const error: unknown = await this.load(schema, options).catch((cause: unknown) => cause);
    if (error instanceof ConfigError) return error;
    throw new Error('It was loaded.', { cause: error });
  }
}

/** What a YAML text becomes. */
export async function valueOf(text: string, env: Record<string, string> = {}): Promise<unknown> {
  return (await new Folder({ 'main.yaml': text }).load(z.unknown(), { env })).value;
}

/** The lines of the error that a YAML text ends with. */
export function errorsOf(
  text: string,
  schema: z.ZodType = z.unknown(),
  env: Record<string, string> = {},
): Promise<readonly string[]> {
  return new Folder({ 'main.yaml': text }).errors(schema, { env });
}

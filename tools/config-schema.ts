import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { jsonSchemaOf } from '@sluice/config';
import { gatewayConfigSchema } from '@sluice/gateway/config';
import { components } from '@sluice/cli/config';

const FILE = 'packages/gateway/gateway.schema.json';

/** The JSON Schema of a configuration file, as the code is now. */
export function configSchema(): object {
  return jsonSchemaOf(gatewayConfigSchema(components), { title: 'Sluice gateway' });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  writeFileSync(FILE, `${JSON.stringify(configSchema(), undefined, 2)}\n`);

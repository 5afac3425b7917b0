import { BUILTIN_FILTERS } from '@sluice/builtin-filters';
import { SluiceError } from '@sluice/core';
import { DEFAULT_ORIGIN_HANDLERS } from '@sluice/gateway';
import type { GatewayDeclaration } from '@sluice/gateway';
import { ComponentRegistry, declarationFromConfig, loadGatewayConfig } from '@sluice/gateway/config';
import { handlers } from './pipeline.ts';
import { SecurityFieldsFilter } from './security-fields-filter.ts';

/** What a file can name: the handlers of the pipeline, the built-in filters, and the filters of this project. */
const components = new ComponentRegistry(
  { server: handlers, origin: DEFAULT_ORIGIN_HANDLERS },
  [],
  BUILTIN_FILTERS,
).with([], [SecurityFieldsFilter]);

/** Reads what a file declares. Rejects with an error that has every fault of the file at its line. */
export async function readDeclaration(path: string): Promise<GatewayDeclaration> {
  const { config, registry } = await loadGatewayConfig(path, components);
  const { accessLog, admin } = config.value;
  if (admin !== undefined || accessLog.destination !== 'off') {
    const message = `${path}: accessLog and admin are of the sluice command; this program has neither.`;
    throw new SluiceError('SLUICE_CONFIG', message);
  }
  for (const { message } of config.warnings) console.warn(`${path}: ${message}`);
  return declarationFromConfig(config.value, registry);
}

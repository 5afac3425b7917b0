import { stringify } from 'yaml';
import type { LoadedConfig } from '../loaded-config.ts';

/** The configuration as it counts, as YAML: everything in one file, defaults filled in, secrets as `***`. */
export function dumpConfig<Config>(config: LoadedConfig<Config>): string {
  return stringify(escapeDollars(config.shown), {
    version: '1.2',
    schema: 'core',
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}

/** So that what is dumped can be loaded: a `${` that is meant as such is written `$${`. */
function escapeDollars(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(/\$(?=[{$])/g, '$$$$');
  if (Array.isArray(value)) return value.map(escapeDollars);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, escapeDollars(each)]));
}

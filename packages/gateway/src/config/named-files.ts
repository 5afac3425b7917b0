import type { ComponentRegistry } from './component-registry.ts';
import type { GatewayConfig } from './gateway-config-schema.ts';
import { entryName } from './handler-list-schema.ts';

/**
 * The files that a configuration names and that are read when it is put in use. Those of listeners and of discovery
 * are not among them: what reads those looks at them by itself.
 */
export function namedFiles({
  filters: known,
}: ComponentRegistry): (config: GatewayConfig) => readonly string[] {
  return ({ origins, filters }) => [
    ...origins.flatMap(({ tls }) => [...(tls?.ca ?? []), ...certificateFiles(tls?.certificate)]),
    ...filters.flatMap((entry) => {
      const options = typeof entry === 'string' ? {} : (entry.options ?? {});
      return known.get(entryName(entry))?.filesOf?.(options) ?? [];
    }),
  ];
}

function certificateFiles(
  certificate: { readonly certFile: string; readonly keyFile: string } | undefined,
): readonly string[] {
  return certificate === undefined ? [] : [certificate.certFile, certificate.keyFile];
}

import { HttpServerCodecOptions } from '@sluice/codec-http';
import { declarationFromConfig, optionsOf, parseAddress, serverListOf } from '@sluice/gateway/config';
import { loadConfigFile } from '../config/load-config-file.ts';
import type { ExplainedGateway } from './request-way.ts';

/** The gateway of a file, to be explained. Nothing that belongs to listeners, like certificates, is opened. */
export async function configuredGateway(path: string): Promise<ExplainedGateway> {
  const { config, registry } = await loadConfigFile(path);
  const { listeners } = config.value;
  const declaration = declarationFromConfig({ ...config.value, listeners: [] }, registry);
  const { filters = [], origins = [], routes, virtualHosts, ambiguousPaths } = declaration;
  return {
    listeners: listeners.flatMap((listener) => {
      const address = parseAddress(listener.address);
      if (address === undefined) return [];
      const options = optionsOf(listener, registry, serverListOf(listener, registry), new Map());
      const codec = options.get(HttpServerCodecOptions);
      return { name: listener.name, address, isTls: listener.tls !== undefined, codec };
    }),
    router: { routes, virtualHosts, ambiguousPaths },
    filters,
    origins,
    hideSecrets: (shown) => config.hideSecrets(shown),
  };
}

import type { CheckFinding, ConfigCheck, ConfigPath } from '@sluice/config';
import { ClientSslContext, ServerSslContext, TlsConfigError } from '@sluice/handler-tls';
import type { GatewayConfig } from '../gateway-config-schema.ts';
import { clientTlsOptions, serverTlsOptions } from '../tls-schema.ts';

/** Files of certificates, keys and authorities that can't be read, or don't belong together. */
export const tlsFiles: ConfigCheck<GatewayConfig> = {
  name: 'tls-files',
  run: ({ listeners, origins }) => [
    ...listeners.flatMap(({ tls }, at) =>
      tls === undefined
        ? []
        : findingOf(['listeners', at, 'tls'], () => new ServerSslContext(serverTlsOptions(tls))),
    ),
    ...origins.flatMap(({ tls }, at) =>
      tls === undefined
        ? []
        : findingOf(['origins', at, 'tls'], () => new ClientSslContext('localhost', clientTlsOptions(tls))),
    ),
  ],
};

function findingOf(path: ConfigPath, open: () => unknown): readonly CheckFinding[] {
  try {
    open();
    return [];
  } catch (cause) {
    if (!(cause instanceof TlsConfigError)) throw cause;
    return [{ severity: 'error', path, message: cause.message }];
  }
}

import { HttpServerCodecOptions } from '@sluice/codec-http';
import type { GatewayDeclaration } from '@sluice/gateway';
import type { ClientSslOptions } from '@sluice/handler-tls';
import { parseOriginUrl } from '../command-line/addresses.ts';
import type { OriginAddress } from '../command-line/addresses.ts';
import type { CommandLine } from '../command-line/command-line.ts';
import { parseHandlerOptions } from '../command-line/handler-settings.ts';
import { UsageError } from '../command-line/usage-error.ts';
import type { ExplainedGateway } from '../explain/request-way.ts';
import { ALL_HANDLERS } from '../reference/reference-gateway.ts';

/** What stands behind the gateway in quick mode: one origin, for every path. */
export interface QuickMode extends Required<Pick<GatewayDeclaration, 'origins' | 'routes'>> {
  readonly servers: readonly OriginAddress[];
}

/** What the options declare. Throws a {@link UsageError}. */
export function quickMode({ to, upstreamIdleTimeoutMs, upstreamCa }: CommandLine): QuickMode {
  if (to.length === 0) throw new UsageError('proxy needs an origin: --to http://127.0.0.1:9000');
  const servers = to.map(parseOriginUrl);
  const tls = originTls(servers, upstreamCa);
  const options = upstreamIdleTimeoutMs === undefined ? {} : { responseTimeoutMs: upstreamIdleTimeoutMs };
  return {
    servers,
    origins: [{ name: 'default', servers, options, ...(tls && { tls }) }],
    routes: [{ prefix: '/', origin: 'default' }],
  };
}

/** The gateway of quick mode, to be explained. Throws a {@link UsageError}. */
export function quickGateway(commandLine: CommandLine): ExplainedGateway {
  const { listen: address, tls, set } = commandLine;
  const { origins, routes } = quickMode(commandLine);
  const codec = parseHandlerOptions(set, ALL_HANDLERS).get(HttpServerCodecOptions);
  return {
    listeners: [{ name: undefined, address, isTls: tls !== undefined, codec }],
    router: { routes },
    filters: [],
    origins,
  };
}

function originTls(
  servers: readonly OriginAddress[],
  ca: string | undefined,
): Partial<ClientSslOptions> | undefined {
  const isTls = servers.some((server) => server.isTls);
  if (isTls && !servers.every((server) => server.isTls)) {
    throw new UsageError('The --to of one origin are all http:// or all https://; got both.');
  }
  if (isTls) return ca === undefined ? {} : { ca: [{ file: ca }] };
  if (ca === undefined) return undefined;
  throw new UsageError('--upstream-ca is for https:// origins; got --to http:// alone.');
}

import type { Codemod, Removal } from './codemod.ts';
import { moveModules, moveNames } from './imports.ts';

const CODE = /(?<!\.d)\.[cm]?[jt]sx?$/;
const REFERENCE_MODULE =
  /(?:^|\/)apps\/gateway\/(?:src|dist)\/(?<module>command-line|components|pipeline|reference-gateway|usage-error)\.[jt]s$/;

/** What releases changed that a text can be brought to, oldest first. */
export const CODEMODS: readonly Codemod[] = [
  {
    version: '0.1.0',
    what: 'RouteTable, RouterFilter and Route are in @sluice/router',
    files: CODE,
    apply: (text) =>
      moveNames(text, '@sluice/gateway', '@sluice/router', ['Route', 'RouterFilter', 'RouteTable']),
  },
  {
    version: '0.1.0',
    what: 'SslHandshakeInfo and SSL_HANDSHAKE_INFO are in @sluice/handler-tls',
    files: CODE,
    apply: (text) =>
      moveNames(text, '@sluice/handler-http', '@sluice/handler-tls', [
        'SSL_HANDSHAKE_INFO',
        'SslHandshakeInfo',
      ]),
  },
  {
    version: '0.1.0',
    what: 'mergeMetrics, metricsText and withoutGauges are in @sluice/handler-metrics/prometheus',
    files: CODE,
    apply: (text) =>
      moveNames(text, '@sluice/handler-metrics', '@sluice/handler-metrics/prometheus', [
        'MetricsSnapshot',
        'mergeMetrics',
        'metricsText',
        'withoutGauges',
      ]),
  },
  {
    version: '0.1.0',
    what: 'the reference gateway, its handler lists and its command line are in @sluice/cli',
    files: CODE,
    apply: (text) =>
      moveModules(text, (specifier) => {
        const module = REFERENCE_MODULE.exec(specifier)?.groups?.['module'];
        if (module === undefined) return specifier;
        return module === 'components' ? '@sluice/cli/config' : '@sluice/cli';
      }),
  },
];

/** What releases took away, with what a person may take in its place. */
export const REMOVALS: readonly Removal[] = [
  {
    version: '0.1.0',
    from: '@sluice/origin',
    name: 'RoundRobinLoadBalancer',
    instead: "an origin's loadBalancer: 'round-robin', or PriorityLoadBalancer of @sluice/load-balancing",
  },
  {
    version: '0.1.0',
    from: '@sluice/builtin-filters',
    name: 'MirrorFramingFilter',
    instead: 'MirrorFilter alone, which keeps the framing of the body',
  },
  {
    version: '0.1.0',
    from: '@sluice/handler-metrics',
    name: 'PerEventLoopMetricsOptions',
    instead: 'WorkerPlace of @sluice/inject: { worker: 4, workers: 4 } for firstEventLoop: 3',
  },
  {
    version: '0.1.0',
    from: '@sluice/workers',
    name: 'workerShare',
    instead: 'shareOf(limit, place) of @sluice/inject',
  },
  {
    version: '0.1.0',
    from: '@sluice/codec-http',
    name: 'HttpRequestDecoderOptions',
    instead: 'Partial<HttpServerCodecOptions>',
  },
  {
    version: '0.1.0',
    from: '@sluice/router',
    name: 'Random',
    instead: '() => number',
  },
  ...['CannotRead', 'CannotWrite'].map((name) => ({
    version: '0.1.0',
    from: '@sluice/core',
    name,
    instead: 'HandlerListFault, which names both handlers',
  })),
];

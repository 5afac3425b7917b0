import { formatPath } from '@sluice/config';
import type { CheckFinding, ConfigCheck, ConfigPath } from '@sluice/config';
import { CloseOnIdleStateHandler, IdleStateHandler, IdleStateOptions } from '@sluice/handler-idle-state';
import { describeHandler } from '@sluice/inject';
import type { ComponentRegistry } from '../component-registry.ts';
import { optionsOf } from '../declaration-from-config.ts';
import type { GatewayConfig } from '../gateway-config-schema.ts';
import { handlerListsOf } from './list-checks.ts';
import type { ListPlace } from './list-checks.ts';
import { hostPlace, routesOf } from './route-places.ts';

type Check = ConfigCheck<GatewayConfig>;

/** A time for which a client may have to wait in silence, and where it is said. */
interface Silence {
  readonly ms: number;
  readonly of: string;
  readonly path: ConfigPath;
}

/** A client that waits for a slow origin is idle; it must not be closed before the origin's time is over. */
export function idleAboveResponseTimeout(registry: ComponentRegistry): Check {
  return {
    name: 'idle-above-response-timeout',
    run: (config) => {
      const lists = handlerListsOf(config, registry).filter(({ path }) => path[0] === 'listeners');
      return silencesOf(config).flatMap(({ ms, of, path }) =>
        lists.flatMap((list) => {
          const idleMs = idleTimeOf(list, registry);
          if (idleMs === undefined || idleMs <= 0 || idleMs > ms) return [];
          return warning(
            path,
            `found ${ms} ms for ${of}, but listeners[${String(list.path[1])}] closes a connection that is idle for ${idleMs} ms (idle-state.allIdleMs); expected it below.`,
          );
        }),
      );
    },
  };
}

function silencesOf(config: GatewayConfig): readonly Silence[] {
  const ofOrigins = config.origins.map(({ name, options: { responseTimeoutMs: ms } }, at) => ({
    ms,
    of: `"${name}"`,
    path: ['origins', at, 'options', 'responseTimeoutMs'],
  }));
  const levels = [...config.virtualHosts.map(hostPlace), ...routesOf(config)];
  const ofRoutes = levels.flatMap(({ upstream, path }): readonly Silence[] => {
    const { timeoutMs = 0, idleTimeoutMs } = upstream ?? {};
    if (idleTimeoutMs === undefined) return [];
    const isShorter = timeoutMs > 0 && timeoutMs < idleTimeoutMs;
    const option = isShorter ? 'timeoutMs' : 'idleTimeoutMs';
    return [
      {
        ms: isShorter ? timeoutMs : idleTimeoutMs,
        of: formatPath(path),
        path: [...path, 'upstream', option],
      },
    ];
  });
  return [...ofOrigins, ...ofRoutes];
}

function idleTimeOf({ config, handlers }: ListPlace, registry: ComponentRegistry): number | undefined {
  if (!handlers.includes(IdleStateHandler) || !handlers.includes(CloseOnIdleStateHandler)) return undefined;
  const set = optionsOf(config, registry, registry.lists.server, new Map()).get(IdleStateOptions);
  return ((set ?? new IdleStateOptions()) as IdleStateOptions).allIdleMs;
}

/** A connection that the origin closes while a request is on its way to it fails that request. */
export const poolIdleBelowKeepAlive: Check = {
  name: 'pool-idle-below-keep-alive',
  run: ({ origins }) =>
    origins.flatMap(({ keepAliveHintMs, options: { idleTimeoutMs } }, at) =>
      keepAliveHintMs === undefined || idleTimeoutMs < keepAliveHintMs
        ? []
        : warning(
            ['origins', at, 'options', 'idleTimeoutMs'],
            `found ${idleTimeoutMs} ms, but the origin gives an unused connection up after ${keepAliveHintMs} ms (keepAliveHintMs); expected it below.`,
          ),
    ),
};

/** A time of 0 switches off what is on by default: nothing is ever too late then. */
export function zeroMeansForever(registry: ComponentRegistry): Check {
  return {
    name: 'zero-means-forever',
    run: (config) => handlerListsOf(config, registry).flatMap((list) => zeroesOf(list, registry)),
  };
}

function zeroesOf({ config, path }: ListPlace, registry: ComponentRegistry): readonly CheckFinding[] {
  const byName = Object.entries(config.handlerOptions).map(([name, values = {}]) =>
    zeroes(name, values, [...path, 'handlerOptions', name], registry),
  );
  const inList = (config.handlers ?? []).map((entry, at) =>
    typeof entry === 'string'
      ? []
      : zeroes(entry.name, entry.options ?? {}, [...path, 'handlers', at, 'options'], registry),
  );
  return [byName, inList].flat(2);
}

function zeroes(
  name: string,
  values: Readonly<Record<string, unknown>>,
  path: ConfigPath,
  { handlers }: ComponentRegistry,
): readonly CheckFinding[] {
  const handler = handlers.get(name);
  const defaults = handler ? describeHandler(handler).options : {};
  return Object.entries(values).flatMap(([option, value]) => {
    const byDefault = defaults[option];
    const isOff = option.endsWith('Ms') && value === 0 && typeof byDefault === 'number' && byDefault > 0;
    return isOff
      ? warning([...path, option], `found 0, which is no limit at all; the default is ${byDefault} ms.`)
      : [];
  });
}

function warning(path: ConfigPath, message: string): readonly CheckFinding[] {
  return [{ severity: 'warning', path, message }];
}

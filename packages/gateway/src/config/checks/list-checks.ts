import { handlerOptions, checkHandlerList } from '@sluice/inject';
import type { HandlerClass } from '@sluice/inject';
import type { CheckFinding, ConfigCheck, ConfigPath } from '@sluice/config';
import type { ComponentRegistry } from '../component-registry.ts';
import { checkTlsPlace } from '../../tls-place.ts';
import { handlersOf, serverListOf } from '../declaration-from-config.ts';
import type { GatewayConfig } from '../gateway-config-schema.ts';
import type { HandlerListConfig } from '../handler-list-schema.ts';

type Check = ConfigCheck<GatewayConfig>;

/** A handler list of a configuration, with its place. */
export interface ListPlace {
  readonly config: HandlerListConfig;
  readonly handlers: readonly HandlerClass[];
  readonly path: ConfigPath;
  readonly hasTls: boolean;
}

/** All handler lists of a configuration. */
export function handlerListsOf(config: GatewayConfig, registry: ComponentRegistry): readonly ListPlace[] {
  const { origin } = registry.lists;
  return [
    ...config.listeners.map((listener, at) => ({
      config: listener,
      handlers: handlersOf(listener, registry, serverListOf(listener, registry)),
      path: ['listeners', at],
      hasTls: listener.tls !== undefined,
    })),
    {
      config: config.originConnections,
      handlers: handlersOf(config.originConnections, registry, origin),
      path: ['originConnections'],
      hasTls: false,
    },
  ];
}

export function handlerOrder(registry: ComponentRegistry): Check {
  return {
    name: 'handler-order',
    run: (config) =>
      handlerListsOf(config, registry).flatMap(
        ({ handlers, path, config: list, hasTls }): readonly CheckFinding[] => {
          try {
            checkHandlerList(handlers);
            checkTlsPlace(handlers, hasTls);
            return [];
          } catch (cause) {
            // The first line; the others show the list, which stands in the file.
            const [message = ''] = (cause as Error).message.split('\n');
            return [
              {
                severity: 'error',
                path: listPath(list, path),
                message: `found a list that can't work: ${asWritten(message, registry)}`,
              },
            ];
          }
        },
      ),
  };
}

/** A file has names of handlers where a program has their classes. */
function asWritten(message: string, registry: ComponentRegistry): string {
  const names = new Map([...registry.handlers].map(([name, handler]) => [handler.name, name]));
  return message.replaceAll(/\b[A-Z]\w+/g, (word) => names.get(word) ?? word);
}

/** Options of a handler that the list does not have are probably a mistake. */
export function usedOptions(registry: ComponentRegistry): Check {
  return {
    name: 'used-options',
    run: (config) =>
      handlerListsOf(config, registry).flatMap(({ handlers, path, config: list }) => {
        const names = new Set(handlers.map((handler) => handlerOptions(handler).name));
        return Object.keys(list.handlerOptions)
          .filter((name) => !names.has(name))
          .map((name) => ({
            severity: 'warning' as const,
            path: [...path, 'handlerOptions', name],
            message: `found options of "${name}", which the list does not have.`,
            isAtKey: true,
          }));
      }),
  };
}

function listPath({ handlers, without }: HandlerListConfig, path: ConfigPath): ConfigPath {
  if (handlers !== undefined) return [...path, 'handlers'];
  return without.length > 0 ? [...path, 'without'] : path;
}

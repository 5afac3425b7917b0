import type { GatewayConfig } from '@sluice/gateway/config';
import { handlersOf, listenerOptionsOf, optionsOf, serverListOf } from '@sluice/gateway/config';
import { dumpConfig } from '@sluice/config';
import type { ExplainFormat } from '../command-line/command-line.ts';
import { explainLists } from './explain-lists.ts';
import type { ExplainedList } from './explain-lists.ts';
import { loadConfigFile } from '../config/load-config-file.ts';

/** Prints the configuration as it counts, and the handler lists that it makes; as JSON or a chart the lists alone. */
export async function explainConfig(path: string, format: ExplainFormat): Promise<string> {
  const { config, registry } = await loadConfigFile(path);
  const { lists } = registry;
  const { listeners, originConnections } = config.value;
  const shown = config.shown as GatewayConfig;
  const explained: readonly ExplainedList[] = [
    ...listeners.map((listener, at) => ({
      title: config.hideSecrets(titleOf(listener)),
      handlers: handlersOf(listener, registry, serverListOf(listener, registry)),
      options: listenerOptionsOf(withOptionsOf(listener, shown.listeners[at]), registry, new Map()),
    })),
    {
      title: 'connections to origins',
      handlers: handlersOf(originConnections, registry, lists.origin),
      options: optionsOf(
        withOptionsOf(originConnections, shown.originConnections),
        registry,
        lists.origin,
        new Map(),
      ),
    },
  ];
  const text = explainLists(explained, format);
  return format === 'text' ? `${dumpConfig(config)}\n${text}` : text;
}

type HandlerList = Pick<GatewayConfig['originConnections'], 'handlers' | 'without' | 'handlerOptions'>;

/** The list with its options as they are shown. Names stay: they lead to the handlers. */
function withOptionsOf<List extends HandlerList>(list: List, shown: HandlerList = list): List {
  const handlers = list.handlers?.map((entry, at) => {
    const other = shown.handlers?.[at];
    return typeof entry === 'string' || typeof other !== 'object' ? entry : { ...other, name: entry.name };
  });
  return { ...list, handlers, handlerOptions: shown.handlerOptions };
}

function titleOf({ name, address }: GatewayConfig['listeners'][number]): string {
  return name === undefined ? `listener ${address}` : `listener ${name}, ${address}`;
}

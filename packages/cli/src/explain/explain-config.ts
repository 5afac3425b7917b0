import type { GatewayConfig } from '@sluice/gateway/config';
import { handlersOf, optionsOf, serverListOf } from '@sluice/gateway/config';
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
  const explained: readonly ExplainedList[] = [
    ...listeners.map((listener) => ({
      title: titleOf(listener),
      handlers: handlersOf(listener, registry, serverListOf(listener, registry)),
      options: optionsOf(listener, registry, serverListOf(listener, registry), new Map()),
    })),
    {
      title: 'connections to origins',
      handlers: handlersOf(originConnections, registry, lists.origin),
      options: optionsOf(originConnections, registry, lists.origin, new Map()),
    },
  ];
  const shown = explainLists(explained, format);
  return format === 'text' ? `${dumpConfig(config)}\n${shown}` : shown;
}

function titleOf({ name, address }: GatewayConfig['listeners'][number]): string {
  return name === undefined ? `listener ${address}` : `listener ${name}, ${address}`;
}

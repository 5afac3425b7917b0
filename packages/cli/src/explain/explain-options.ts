import { formatAddress } from '@sluice/core';
import type { HandlerClass } from '@sluice/inject';
import type { CommandLine } from '../command-line/command-line.ts';
import { explainLists } from './explain-lists.ts';
import type { ExplainedList } from './explain-lists.ts';
import { parseHandlerOptions, withoutHandlers } from '../command-line/handler-settings.ts';
import { originHandlers } from '../reference/pipeline.ts';
import { ALL_HANDLERS, handlerValues, listenerHandlers } from '../reference/reference-gateway.ts';

/** Prints the handler lists as they would run, with what each handler listens to and its options. */
export function explainOptions(commandLine: CommandLine): string {
  const { without, set, listen, tls, admin, format, workers } = commandLine;
  const options = handlerValues(commandLine, parseHandlerOptions(set, ALL_HANDLERS));
  const explained = (title: string, list: readonly HandlerClass[]): ExplainedList => ({
    title,
    handlers: withoutHandlers(list, without, ALL_HANDLERS),
    options,
  });
  const handlers = listenerHandlers({ tls, admin });
  const lists = [
    explained(`listener ${formatAddress(listen)}${sharing(workers)}`, handlers),
    explained('connections to origins', originHandlers),
  ];
  return explainLists(lists, format);
}

function sharing(workers: number): string {
  return workers > 1
    ? ` in each of ${workers} workers, which share limits of connections and requests evenly`
    : '';
}

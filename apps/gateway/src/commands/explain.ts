import { formatAddress } from '@sluice/core';
import type { HandlerClass } from '@sluice/inject';
import type { CommandLine } from '../command-line.ts';
import { explainLists } from '../explain-lists.ts';
import type { ExplainedList } from '../explain-lists.ts';
import { parseHandlerOptions, withoutHandlers } from '../handler-settings.ts';
import { originHandlers } from '../pipeline.ts';
import { ALL_HANDLERS, listenerHandlers } from '../reference-gateway.ts';

/** Prints the handler lists as they would run, with what each handler listens to and its options. */
export function explain({ without, set, listen, tls, admin, format }: CommandLine): string {
  const options = parseHandlerOptions(set, ALL_HANDLERS);
  const explained = (title: string, list: readonly HandlerClass[]): ExplainedList => ({
    title,
    handlers: withoutHandlers(list, without, ALL_HANDLERS),
    options,
  });
  const lists = [
    explained(`listener ${formatAddress(listen)}`, listenerHandlers({ tls, admin })),
    explained('connections to origins', originHandlers),
  ];
  return explainLists(lists, format);
}

import { formatAddress } from '@sluice/core';
import { describeHandler } from '@sluice/inject';
import type { HandlerClass } from '@sluice/inject';
import type { CommandLine } from '../command-line.ts';
import { parseHandlerOptions, withoutHandlers } from '../handler-settings.ts';
import { originHandlers } from '../pipeline.ts';
import { ALL_HANDLERS, listenerHandlers } from '../reference-gateway.ts';

/** Prints the handler lists as they would run, with what each handler listens to and its options. */
export function explain({ without, set, listen, tls, json }: CommandLine): string {
  const values = parseHandlerOptions(set, ALL_HANDLERS);
  const describe = (list: readonly HandlerClass[]) =>
    withoutHandlers(list, without, ALL_HANDLERS).map((handler) => {
      const { name, className, isSharable, inbound, outbound, after, ...described } =
        describeHandler(handler);
      const set = described.optionsClasses.map((type) => values.get(type) ?? {});
      const options = Object.assign({}, described.options, ...set) as Record<string, unknown>;
      return { name, className, isSharable, inbound, outbound, after, options };
    });
  const lists = [
    { title: `listener ${formatAddress(listen)}`, handlers: describe(listenerHandlers({ tls })) },
    { title: 'connections to origins', handlers: describe(originHandlers) },
  ];
  if (json) return JSON.stringify(lists, undefined, 2);
  return lists
    .map(({ title, handlers }) => [`${title}, head first:`, ...handlers.flatMap(lines)].join('\n'))
    .join('\n\n');
}

type Described =
  ReturnType<typeof describeHandler> extends infer D
    ? Omit<D & { options: Record<string, unknown> }, 'optionsClasses'>
    : never;

function lines(
  { name, className, isSharable, inbound, outbound, options }: Described,
  index: number,
): string[] {
  const shown = Object.entries(options).map(([option, value]) => `${option}=${show(value)}`);
  return [
    `${String(index + 1).padStart(3)}  ${name.padEnd(30)} ${className}${isSharable ? ' (shared)' : ''}`,
    ...(inbound.length > 0 ? [`       in   ${inbound.join(' ')}`] : []),
    ...(outbound.length > 0 ? [`       out  ${outbound.join(' ')}`] : []),
    ...(shown.length > 0 ? [`       set  ${shown.join('  ')}`] : []),
  ];
}

function show(value: unknown): string {
  if (typeof value === 'function') return 'function';
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? value.constructor.name
    : String(value);
}

import { describeHandler } from '@sluice/inject';
import type { HandlerClass, HandlerDescription } from '@sluice/inject';
import type { ExplainFormat } from '../command-line/command-line.ts';
import { mermaidOf } from './explain-mermaid.ts';
import type { HandlerOptionValues } from '../command-line/handler-settings.ts';

/** A handler list with what counts for it. */
export interface ExplainedList {
  readonly title: string;
  readonly handlers: readonly HandlerClass[];
  /** What is set in the place of the defaults. */
  readonly options: HandlerOptionValues;
}

type Described = Omit<HandlerDescription, 'optionsClasses'>;

/** The lists in a format. */
export function explainLists(lists: readonly ExplainedList[], format: ExplainFormat): string {
  if (format === 'mermaid') return mermaidOf(lists);
  const described = lists.map(({ title, handlers, options }) => ({
    title,
    handlers: handlers.map((handler) => describe(handler, options)),
  }));
  if (format === 'json') return JSON.stringify(described, undefined, 2);
  return described
    .map(({ title, handlers }) => [`${title}, head first:`, ...handlers.flatMap(lines)].join('\n'))
    .join('\n\n');
}

function describe(handler: HandlerClass, values: HandlerOptionValues): Described {
  const { optionsClasses, ...described } = describeHandler(handler);
  const set = optionsClasses.map((type) => values.get(type) ?? {});
  const options = Object.assign({}, described.options, ...set) as Record<string, unknown>;
  return { ...described, options };
}

function lines(
  { name, className, isSharable, inbound, outbound, reads, fires, options }: Described,
  index: number,
): string[] {
  const shown = Object.entries(options).map(([option, value]) => `${option}=${show(value)}`);
  return [
    `${String(index + 1).padStart(3)}  ${name.padEnd(30)} ${className}${isSharable ? ' (shared)' : ''}`,
    ...(inbound.length > 0 ? [`       in   ${inbound.join(' ')}`] : []),
    ...(outbound.length > 0 ? [`       out  ${outbound.join(' ')}`] : []),
    ...(reads.length > 0
      ? [`       msg  ${[reads.join(' '), fires.join(' ')].filter(Boolean).join(' → ')}`]
      : []),
    ...(shown.length > 0 ? [`       set  ${shown.join('  ')}`] : []),
  ];
}

function show(value: unknown): string {
  if (typeof value === 'function') return 'function';
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? value.constructor.name
    : String(value);
}

import { handlerOptions } from '@sluice/inject';
import type { HandlerClass } from '@sluice/inject';

interface List {
  readonly title: string;
  readonly handlers: readonly HandlerClass[];
}

/** The lists as a chart of mermaid: a box for each handler, with its class, from the head to the tail. */
export function mermaidOf(lists: readonly List[]): string {
  return ['flowchart LR', ...lists.flatMap(chartOf)].join('\n');
}

function chartOf({ title, handlers }: List, list: number): readonly string[] {
  const names = ['HEAD', ...handlers.map(labelOf), 'TAIL'];
  const boxes = names.map((name, at) => `    ${idOf(list, at)}[${quoted(name)}]`);
  const chain = names.map((_, at) => idOf(list, at)).join(' --> ');
  return [`  subgraph list${list}[${quoted(title)}]`, ...boxes, `    ${chain}`, '  end'];
}

function labelOf(handler: HandlerClass): string {
  return `${handlerOptions(handler).name}<br/>${handler.name}`;
}

function idOf(list: number, at: number): string {
  return `h${list}_${at}`;
}

/** Titles come from a file: what mermaid reads as its own is written as an entity. */
function quoted(text: string): string {
  return `"${text
    .replaceAll('#', '#35;')
    .replaceAll('"', '#quot;')
    .replaceAll(/[\r\n]+/g, ' ')}"`;
}

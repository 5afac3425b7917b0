import type { ChannelHandler } from './channel-handler.ts';

/** A class of handlers, used to find one of them in a pipeline. */
export type HandlerType<H extends ChannelHandler = ChannelHandler> = abstract new (...args: never[]) => H;

/** Names a handler in a pipeline: its name, the instance, or its class (then the first one of it). */
export type HandlerReference = string | ChannelHandler | HandlerType;

/** Whether a reference means a handler that stands in the pipeline under `name`. */
export function refersTo(reference: HandlerReference, name: string, handler: ChannelHandler): boolean {
  if (typeof reference === 'string') return reference === name;
  return handler === reference || (typeof reference === 'function' && handler instanceof reference);
}

/** A reference as an error message shows it. */
export function describeReference(reference: HandlerReference): string {
  if (typeof reference === 'string') return `"${reference}"`;
  return typeof reference === 'function' ? `of class ${reference.name}` : className(reference);
}

/** The name of a handler's class; `Object` for one that has none. */
export function className(handler: object): string {
  const { constructor } = handler as { constructor?: { readonly name: string } };
  return constructor?.name ?? 'Object';
}

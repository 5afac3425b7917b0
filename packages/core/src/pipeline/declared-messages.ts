import type { HandlerType } from './handler-reference.ts';

/** A class of messages; `String` and its like stand for primitives. */
export type MessageType = abstract new (...args: never[]) => unknown;

/** What a class of handlers says of the messages that it takes for itself. Those that it passes on as they are belong to neither. */
export interface DeclaredMessages {
  /** What it takes in `channelRead`. */
  readonly reads: readonly MessageType[];
  /** What it fires in their place. */
  readonly fires: readonly MessageType[];
}

const declared = new Map<HandlerType, DeclaredMessages>();

/** Notes what handlers of a class read, for who looks for the reader of a message that nobody has read. */
export function declareMessages(handler: HandlerType, messages: DeclaredMessages): void {
  declared.set(handler, messages);
}

/** The classes of handlers that read such a message, whether a pipeline has one of them or not. */
export function readersOf(message: unknown): readonly HandlerType[] {
  const object: unknown = message === undefined || message === null ? undefined : Object(message);
  return [...declared]
    .filter(([, { reads }]) => reads.some((type) => object instanceof type))
    .map(([handler]) => handler);
}

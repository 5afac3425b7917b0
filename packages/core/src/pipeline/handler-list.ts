import type { ChannelHandler, Transparent } from './channel-handler.ts';

/** A class of handlers, as a handler list names it. Its constructor takes whatever it depends on. */
export type HandlerClass = abstract new (...dependencies: never[]) => ChannelHandler;

/** What the compiler shows where a handler can't read what the handlers before it fire. */
export interface CannotRead<Wanted, Offered> {
  readonly thisHandlerReads: Wanted;
  readonly theHandlersBeforeItFire: Offered;
}

/** What the compiler shows where a handler writes what the handlers before it don't take. */
export interface CannotWrite<Written, Taken> {
  readonly thisHandlerWrites: Written;
  readonly theHandlersBeforeItTake: Taken;
}

type OtherEvent =
  | 'channelRegistered'
  | 'channelUnregistered'
  | 'channelActive'
  | 'channelInactive'
  | 'channelReadComplete'
  | 'userEventTriggered'
  | 'channelWritabilityChanged'
  | 'exceptionCaught'
  | 'handlerAdded'
  | 'handlerRemoved';
type Event = OtherEvent | 'channelRead';

// A message type that says nothing: the handler passes on what it is given.
type IsOpen<Message> = unknown extends Message
  ? true
  : [Message] extends [Transparent]
    ? IsNever<Message, false, true>
    : false;
type IsNever<T, Yes, No> = [T] extends [never] ? Yes : No;
type Or<Message, Otherwise> = IsOpen<Message> extends true ? Otherwise : Message;

type ContextOf<H, Method extends string> = H extends {
  [M in Method]: (ctx: infer Ctx, ...rest: never[]) => void;
}
  ? Ctx
  : never;
type FiresIn<H, Method extends string> =
  ContextOf<H, Method> extends { readonly types: readonly [infer Fires, unknown] } ? Fires : never;
type WritesIn<H, Method extends string> =
  ContextOf<H, Method> extends { readonly types: readonly [unknown, infer Writes] } ? Writes : never;

type MessageOf<H, Method extends string> = H extends {
  [M in Method]: (ctx: never, message: infer Message, ...rest: never[]) => void;
}
  ? Message
  : Transparent;

// Wherever a handler names what it fires or writes, it may do so: all its methods count.
type Fires<H, Offered> =
  | (H extends { channelRead: unknown } ? Or<FiresIn<H, 'channelRead'>, Offered> : Offered)
  | { [E in OtherEvent]: Or<FiresIn<H, E>, never> }[OtherEvent];
type Writes<H, Taken> =
  | (H extends { write: unknown } ? Or<WritesIn<H, 'write'>, Taken> : never)
  | { [E in Event | 'flush' | 'close']: Or<WritesIn<H, E>, never> }[Event | 'flush' | 'close'];

type Checked<List, Offered, Taken> = List extends readonly [infer Head extends HandlerClass, ...infer Rest]
  ? CheckedHead<Head, InstanceType<Head>, Rest, Offered, Taken>
  : readonly [];

type CheckedHead<Head, H, Rest, Offered, Taken> = [Offered] extends [Or<MessageOf<H, 'channelRead'>, Offered>]
  ? [Writes<H, Taken>] extends [Taken]
    ? readonly [Head, ...Checked<Rest, Fires<H, Offered>, Or<MessageOf<H, 'write'>, Taken>>]
    : readonly [CannotWrite<Writes<H, Taken>, Taken>, ...(Rest & readonly unknown[])]
  : readonly [CannotRead<MessageOf<H, 'channelRead'>, Offered>, ...(Rest & readonly unknown[])];

/**
 * Declares the handlers of a pipeline, head first, in an order that the compiler has checked.
 *
 * Going in, a handler must be able to read what the handlers before it fire, starting from
 * `Buffer`. Going out, what it writes must be what the handlers before it take, ending in
 * `Buffer`. A handler says so with the types of its methods: `channelRead(ctx:
 * ChannelHandlerContext<Fires, Writes>, message: Reads)` and `write(ctx:
 * ChannelHandlerContext<never, Writes>, message: Takes)`. Where it says nothing, it passes
 * messages on as they are.
 */
export function handlerList<const List extends readonly HandlerClass[]>(
  ...list: List & Checked<List, Buffer, Buffer>
): List {
  return list;
}

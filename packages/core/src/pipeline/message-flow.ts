import type { Transparent } from './channel-handler.ts';

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
export type IsOpen<Message> = unknown extends Message
  ? true
  : [Message] extends [Transparent]
    ? IsNever<Message, false, true>
    : false;
type IsNever<T, Yes, No> = [T] extends [never] ? Yes : No;
export type Or<Message, Otherwise> = IsOpen<Message> extends true ? Otherwise : Message;

// A method may be declared alone, `channelRead?: …`, by a handler that has others read for it.
type MethodOf<H, Method extends string> = Method extends keyof H ? NonNullable<H[Method]> : never;
type ContextOf<H, Method extends string> =
  MethodOf<H, Method> extends (ctx: infer Ctx, ...rest: never[]) => void ? Ctx : never;
type FiresIn<H, Method extends string> =
  ContextOf<H, Method> extends { readonly types: readonly [infer Fires, unknown] } ? Fires : never;
type WritesIn<H, Method extends string> =
  ContextOf<H, Method> extends { readonly types: readonly [unknown, infer Writes] } ? Writes : never;

type MessageOf<H, Method extends string> = Method extends keyof H
  ? NonNullable<H[Method]> extends (ctx: never, message: infer Message, ...rest: never[]) => void
    ? Message
    : Transparent
  : Transparent;

/** What a handler reads; {@link Transparent} or unknown where it doesn't say. */
export type Reads<H> = MessageOf<H, 'channelRead'>;

/** What a handler takes from the handlers behind it, to write it. */
export type Takes<H> = MessageOf<H, 'write'>;

// Wherever a handler names what it fires or writes, it may do so: all its methods count.

/** What stands behind a handler to be read, where the handlers before it fire `Offered`. */
export type Fires<H, Offered> = Shown<
  | ('channelRead' extends keyof H ? Or<FiresIn<H, 'channelRead'>, Offered> : Offered)
  | { [E in OtherEvent]: Or<FiresIn<H, E>, never> }[OtherEvent]
>;

/** What a handler writes, where the handlers before it take `Taken`. */
export type Writes<H, Taken> = Shown<
  | ('write' extends keyof H ? Or<WritesIn<H, 'write'>, Or<Takes<H>, Taken>> : never)
  | { [E in Event | 'flush' | 'close']: Or<WritesIn<H, E>, never> }[Event | 'flush' | 'close']
>;

// In the compiler's words a union has its members, not the name of the type that made it.
type Shown<T> = [T] extends [infer Members] ? Members : never;

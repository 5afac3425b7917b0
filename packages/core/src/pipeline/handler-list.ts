import type { ChannelHandler } from './channel-handler.ts';
import type { Fires, IsOpen, Or, Reads, Takes, Writes } from './message-flow.ts';

/** A class of handlers, as a handler list names it. Its constructor takes whatever it depends on. */
export type HandlerClass = abstract new (...dependencies: never[]) => ChannelHandler;

/**
 * What the compiler wants in the place of a handler that can't stand there: nothing is of this
 * type, and its argument says in a sentence why, with both handlers.
 */
export interface HandlerListFault<Sentence extends readonly unknown[]> {
  readonly fault: Sentence;
}

/** What every list begins with: it fires bytes and takes bytes. */
type Transport = 'the transport';

/**
 * A handler list in an order that works; where it does not, a {@link HandlerListFault} takes the
 * place of the handler. A parameter of the type `List & OrderedHandlers<List>` refuses such lists.
 *
 * A list that is put together at run time, `readonly HandlerClass[]`, is let through: it is checked at start.
 */
export type OrderedHandlers<List extends readonly unknown[]> = List extends unknown
  ? number extends List['length']
    ? HandlerClass extends List[number]
      ? List
      : HandlerListFault<['the order of an array is not known: declare it with handlerList(…)']>
    : Checked<List, [], Transport, Buffer, Buffer>
  : never;

/** Goes through a list from the head: `Offered` is there to be read, `Taken` may be written. */
type Checked<List, Done extends readonly unknown[], Before, Offered, Taken> = List extends readonly [
  infer Head extends HandlerClass,
  ...infer Rest,
]
  ? CheckedHead<Head, InstanceType<Head>, Rest, Done, Before, Offered, Taken>
  : readonly [...Done];

type CheckedHead<
  Head extends HandlerClass,
  H,
  Rest extends readonly unknown[],
  Done extends readonly unknown[],
  Before,
  Offered,
  Taken,
> = [Unread<Reads<H>, Offered>] extends [never]
  ? [Untaken<Writes<H, Taken>, Taken>] extends [never]
    ? Checked<Rest, [...Done, Head], Head, Fires<H, Offered>, Or<Takes<H>, Taken>>
    : readonly [...Done, CannotWrite<Head, Untaken<Writes<H, Taken>, Taken>, Before, Rest, Taken>, ...Rest]
  : readonly [...Done, CannotRead<Head, Reads<H>, Before, Rest, Offered>, ...Rest];

/**
 * What keeps a handler from reading: all that it reads if something comes that it does not, else
 * what never comes. Bytes may stay away: behind a codec they come once a tunnel is open, if at all.
 */
type Unread<Read, Offered> = [Offered] extends [Or<Read, Offered>]
  ? NeverComes<Exclude<Or<Read, Offered>, Buffer>, Offered>
  : Read;
type NeverComes<Read, Offered> = Read extends unknown
  ? [Read] extends [Offered]
    ? never
    : [Extract<Offered, Read>] extends [never]
      ? Read
      : never
  : never;

type Untaken<Written, Taken> = [Written] extends [Taken] ? never : Exclude<Written, Taken>;

type CannotRead<Head, Read, Before, Rest, Offered> = [FirstFiring<Rest, Read>] extends [never]
  ? HandlerListFault<[Head, 'reads', Unread<Read, Offered>, 'but', Before, 'before it fires', Offered]>
  : HandlerListFault<
      [Head, 'must come after', FirstFiring<Rest, Read>, 'which fires', Unread<Read, Offered>]
    >;

type CannotWrite<Head, Written, Before, Rest, Taken> = [FirstTaking<Rest, Written>] extends [never]
  ? HandlerListFault<[Head, 'writes', Written, 'but', Before, 'before it takes', Taken]>
  : HandlerListFault<[Head, 'must come after', FirstTaking<Rest, Written>, 'which takes', Written]>;

type FirstFiring<List, Read> = List extends readonly [infer Head extends HandlerClass, ...infer Rest]
  ? Fires<InstanceType<Head>, never> extends infer Fired
    ? [Fired] extends [never]
      ? FirstFiring<Rest, Read>
      : [Unread<Read, Fired>] extends [never]
        ? Head
        : FirstFiring<Rest, Read>
    : never
  : never;

/** Takes it, and writes something else: what passes it on as it is would be of no help. */
type FirstTaking<List, Written> = List extends readonly [infer Head extends HandlerClass, ...infer Rest]
  ? IsOpen<Takes<InstanceType<Head>>> extends true
    ? FirstTaking<Rest, Written>
    : [Written] extends [Exclude<Takes<InstanceType<Head>>, Writes<InstanceType<Head>, never>>]
      ? Head
      : FirstTaking<Rest, Written>
  : never;

/**
 * Declares the handlers of a pipeline, head first, in an order that the compiler has checked.
 *
 * Going in, a handler must be able to read what the handlers before it fire, starting from
 * `Buffer`, and some of them must fire what it reads. Going out, what it writes must be what the
 * handlers before it take, ending in `Buffer`. A handler says so with the types of its methods:
 * `channelRead(ctx: ChannelHandlerContext<Fires, Writes>, message: Reads)` and `write(ctx:
 * ChannelHandlerContext<never, Writes>, message: Takes)`. Where it says nothing, it passes
 * messages on as they are.
 *
 * Parts of a list are tuples, `[A, B] as const`, and the list is made of them: `handlerList(...first, C, ...last)`.
 */
export function handlerList<const List extends readonly HandlerClass[]>(
  ...list: { readonly [At in keyof List]: List[At] & PlaceIn<OrderedHandlers<List>, At> }
): List {
  return list as readonly unknown[] as List;
}

type PlaceIn<List, At> = At extends keyof List ? List[At] : unknown;

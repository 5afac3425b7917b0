import type { SocketAddress } from '../channel/socket-address.ts';
import type { ChannelPromise } from '../concurrent/channel-promise.ts';
import { contained, containedLast } from './async-methods.ts';
import type { ChannelHandlerContext } from './channel-handler-context.ts';
import type { ChannelHandler } from './channel-handler.ts';
import { className } from './handler-reference.ts';

type Event = (this: ChannelHandler, ctx: ChannelHandlerContext) => void;
type Told = (this: ChannelHandler, ctx: ChannelHandlerContext) => unknown;
type Lifecycle = { readonly handlerAdded?: Told; readonly handlerRemoved?: Told };
type Operation = (this: ChannelHandler, ctx: ChannelHandlerContext, promise: ChannelPromise) => void;
type Callers = {
  readonly channelRegistered: Event;
  readonly channelUnregistered: Event;
  readonly channelActive: Event;
  readonly channelInactive: Event;
  readonly channelRead: (this: ChannelHandler, ctx: ChannelHandlerContext, message: unknown) => void;
  readonly channelReadComplete: Event;
  readonly userEventTriggered: (this: ChannelHandler, ctx: ChannelHandlerContext, event: object) => void;
  readonly channelWritabilityChanged: Event;
  readonly exceptionCaught: (this: ChannelHandler, ctx: ChannelHandlerContext, cause: unknown) => void;
  readonly bind: (
    this: ChannelHandler,
    ctx: ChannelHandlerContext,
    local: SocketAddress,
    promise: ChannelPromise,
  ) => void;
  readonly connect: (
    this: ChannelHandler,
    ctx: ChannelHandlerContext,
    remote: SocketAddress,
    local: SocketAddress | undefined,
    promise: ChannelPromise,
  ) => void;
  readonly disconnect: Operation;
  readonly close: Operation;
  readonly deregister: Operation;
  readonly read: Event;
  readonly write: (
    this: ChannelHandler,
    ctx: ChannelHandlerContext,
    message: unknown,
    promise: ChannelPromise | undefined,
  ) => void;
  readonly flush: Event;
};

/** The names of the events and operations that a handler can have a method for. */
export type HandlerMethod = keyof Callers;

/** Events without an argument that no message causes: a few in the life of a channel, or in that of a large body. */
export type RareEvent = Extract<
  HandlerMethod,
  | 'channelRegistered'
  | 'channelUnregistered'
  | 'channelActive'
  | 'channelInactive'
  | 'channelWritabilityChanged'
>;

/** Operations that take nothing but a promise. */
export type LifecycleOperation = Extract<HandlerMethod, 'disconnect' | 'close' | 'deregister'>;

/** All of them, inbound first. */
export const HANDLER_METHODS: readonly HandlerMethod[] = [
  'channelRegistered',
  'channelUnregistered',
  'channelActive',
  'channelInactive',
  'channelRead',
  'channelReadComplete',
  'userEventTriggered',
  'channelWritabilityChanged',
  'exceptionCaught',
  'bind',
  'connect',
  'disconnect',
  'close',
  'deregister',
  'read',
  'write',
  'flush',
];

/** The bit of each rare event and operation in {@link HandlerMethods.rare}. */
export const Rare = Object.freeze({
  channelRegistered: 1,
  channelUnregistered: 2,
  channelActive: 4,
  channelInactive: 8,
  exceptionCaught: 16,
  bind: 32,
  connect: 64,
  disconnect: 128,
  close: 256,
  deregister: 512,
  channelWritabilityChanged: 1024,
});

/** The bit of each frequent event and operation in {@link HandlerMethods.links}. */
export const Link = Object.freeze({
  channelRead: 1,
  channelReadComplete: 2,
  userEventTriggered: 4,
  read: 8,
  write: 16,
  flush: 32,
});

/**
 * Which events a handler listens to, and the methods that take them.
 *
 * One object serves every instance of a class. All have the same shape, so that the call of a
 * method through it stays fast however many handler classes a process has.
 */
export class HandlerMethods {
  readonly channelRegistered: Callers['channelRegistered'] | undefined;
  readonly channelUnregistered: Callers['channelUnregistered'] | undefined;
  readonly channelActive: Callers['channelActive'] | undefined;
  readonly channelInactive: Callers['channelInactive'] | undefined;
  readonly channelRead: Callers['channelRead'] | undefined;
  readonly channelReadComplete: Callers['channelReadComplete'] | undefined;
  readonly userEventTriggered: Callers['userEventTriggered'] | undefined;
  readonly channelWritabilityChanged: Callers['channelWritabilityChanged'] | undefined;
  readonly exceptionCaught: Callers['exceptionCaught'] | undefined;
  readonly bind: Callers['bind'] | undefined;
  readonly connect: Callers['connect'] | undefined;
  readonly disconnect: Callers['disconnect'] | undefined;
  readonly close: Callers['close'] | undefined;
  readonly deregister: Callers['deregister'] | undefined;
  readonly read: Callers['read'] | undefined;
  readonly write: Callers['write'] | undefined;
  readonly flush: Callers['flush'] | undefined;
  readonly handlerAdded: Told | undefined;
  readonly handlerRemoved: Told | undefined;
  /** Which of the events and operations that need no links there are methods for: bits of {@link Rare}. */
  readonly rare: number;
  /** Which of those that have links there are methods for: bits of {@link Link}. */
  readonly links: number;
  /** The name in a pipeline of the first handler of the class that is given none. */
  readonly firstName: string;

  constructor(handler: ChannelHandler) {
    const methods = handler as Partial<Callers>;
    this.channelRegistered = contained(methods.channelRegistered);
    this.channelUnregistered = contained(methods.channelUnregistered);
    this.channelActive = contained(methods.channelActive);
    this.channelInactive = contained(methods.channelInactive);
    this.channelRead = contained(methods.channelRead);
    this.channelReadComplete = contained(methods.channelReadComplete);
    this.userEventTriggered = contained(methods.userEventTriggered);
    this.channelWritabilityChanged = contained(methods.channelWritabilityChanged);
    this.exceptionCaught = containedLast(methods.exceptionCaught);
    this.bind = contained(methods.bind);
    this.connect = contained(methods.connect);
    this.disconnect = contained(methods.disconnect);
    this.close = contained(methods.close);
    this.deregister = contained(methods.deregister);
    this.read = contained(methods.read);
    this.write = contained(methods.write);
    this.flush = contained(methods.flush);
    this.handlerAdded = (handler as Lifecycle).handlerAdded;
    this.handlerRemoved = (handler as Lifecycle).handlerRemoved;
    this.rare = bitsOf(methods, Rare);
    this.links = bitsOf(methods, Link);
    this.firstName = `${className(handler)}#0`;
  }
}

function bitsOf(methods: Partial<Callers>, bits: { readonly [method in HandlerMethod]?: number }): number {
  const entries = Object.entries(bits) as [HandlerMethod, number][];
  return entries.reduce((sum, [name, bit]) => (methods[name] === undefined ? sum : sum | bit), 0);
}

const methodsByPrototype = new WeakMap<object, HandlerMethods>();
const names: ReadonlySet<string> = new Set([...HANDLER_METHODS, 'handlerAdded', 'handlerRemoved']);

/** Whether a handler has methods that are not of its class. */
export function hasOwnMethods(handler: ChannelHandler): boolean {
  for (const key of Object.keys(handler)) if (names.has(key)) return true;
  return false;
}

/** The methods of a handler: those of its class, or its own where it carries methods itself. */
export function methodsOf(handler: ChannelHandler): HandlerMethods {
  const prototype = Object.getPrototypeOf(handler) as object | null;
  if (prototype === null || hasOwnMethods(handler)) return new HandlerMethods(handler);
  let methods = methodsByPrototype.get(prototype);
  if (methods === undefined) {
    methods = new HandlerMethods(handler);
    methodsByPrototype.set(prototype, methods);
  }
  return methods;
}

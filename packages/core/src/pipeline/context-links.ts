import type { ChannelHandlerContext } from './channel-handler-context.ts';

/** Joins the two ends of an empty pipeline: the tail takes every event, the head every operation. */
export function linkEnds(head: ChannelHandlerContext, tail: ChannelHandlerContext): void {
  head.next = tail;
  tail.prev = head;
  head.nextRead = tail;
  head.nextReadComplete = tail;
  head.nextUserEvent = tail;
  head.nextWritability = tail;
  tail.prevReadOperation = head;
  tail.prevWrite = head;
  tail.prevFlush = head;
}

/** Puts a context between two neighbours and points the links of all it concerns to it. */
export function linkBetween(
  ctx: ChannelHandlerContext,
  prev: ChannelHandlerContext,
  next: ChannelHandlerContext,
): void {
  ctx.prev = prev;
  ctx.next = next;
  prev.next = ctx;
  next.prev = ctx;
  lookAround(ctx);
  pointFromBefore(ctx, ctx);
  pointFromBehind(ctx, ctx);
}

/** Takes a context out. It can still pass things on, to its neighbours of this moment. */
export function unlink(ctx: ChannelHandlerContext): void {
  ctx.prev.next = ctx.next;
  ctx.next.prev = ctx.prev;
  pointFromBefore(ctx, undefined);
  pointFromBehind(ctx, undefined);
  pointToNeighbours(ctx);
}

/**
 * Takes out the last context of a pipeline that comes to its end. The links of those before it still lead to it, and
 * it passes on what comes: they go as well, so that it isn't worth the walk. {@link linkEnds} follows.
 */
export function unlinkLast(ctx: ChannelHandlerContext): void {
  ctx.prev.next = ctx.next;
  ctx.next.prev = ctx.prev;
}

/** Makes a replaced context pass everything on through the one that replaced it, both ways. */
export function redirect(replaced: ChannelHandlerContext, replacement: ChannelHandlerContext): void {
  replaced.prev = replacement;
  replaced.next = replacement;
  pointToNeighbours(replaced);
}

/** The next context towards the tail whose handler has the method for a rare event, which needs no link: a bit of `Rare`. */
export function nextFor(ctx: ChannelHandlerContext, event: number): ChannelHandlerContext {
  let { next } = ctx;
  while ((next.methods.rare & event) === 0) next = next.next;
  return next;
}

/** The same towards the head, for a rare operation. */
export function prevFor(ctx: ChannelHandlerContext, operation: number): ChannelHandlerContext {
  let { prev } = ctx;
  while ((prev.methods.rare & operation) === 0) prev = prev.prev;
  return prev;
}

// Nobody keeps the links of a context that is out up to date; those of its neighbours are.
function pointToNeighbours(ctx: ChannelHandlerContext): void {
  const { prev, next } = ctx;
  ctx.nextRead = next;
  ctx.nextReadComplete = next;
  ctx.nextUserEvent = next;
  ctx.nextWritability = next;
  ctx.prevReadOperation = prev;
  ctx.prevWrite = prev;
  ctx.prevFlush = prev;
}

function lookAround(ctx: ChannelHandlerContext): void {
  const { prev, next } = ctx;
  ctx.nextRead = next.methods.channelRead ? next : next.nextRead;
  ctx.nextReadComplete = next.methods.channelReadComplete ? next : next.nextReadComplete;
  ctx.nextUserEvent = next.methods.userEventTriggered ? next : next.nextUserEvent;
  ctx.nextWritability = next.methods.channelWritabilityChanged ? next : next.nextWritability;
  ctx.prevReadOperation = prev.methods.read ? prev : prev.prevReadOperation;
  ctx.prevWrite = prev.methods.write ? prev : prev.prevWrite;
  ctx.prevFlush = prev.methods.flush ? prev : prev.prevFlush;
}

/**
 * Points the links of the contexts before `ctx`, as far back as they end at its place, to `target`;
 * without one, to where its own links go. One walk with a line for each link is several times
 * cheaper than a walk by the name of a link, and a new connection has one for each handler.
 */
function pointFromBefore(ctx: ChannelHandlerContext, target: ChannelHandlerContext | undefined): void {
  const { channelRead, channelReadComplete, userEventTriggered, channelWritabilityChanged } = ctx.methods;
  let isRead = channelRead !== undefined;
  let isReadComplete = channelReadComplete !== undefined;
  let isUserEvent = userEventTriggered !== undefined;
  let isWritability = channelWritabilityChanged !== undefined;
  for (
    let before = ctx.prev;
    isRead || isReadComplete || isUserEvent || isWritability;
    before = before.prev
  ) {
    const { methods } = before;
    if (isRead) before.nextRead = target ?? ctx.nextRead;
    if (isReadComplete) before.nextReadComplete = target ?? ctx.nextReadComplete;
    if (isUserEvent) before.nextUserEvent = target ?? ctx.nextUserEvent;
    if (isWritability) before.nextWritability = target ?? ctx.nextWritability;
    if (before.prev === before) return;
    isRead &&= methods.channelRead === undefined;
    isReadComplete &&= methods.channelReadComplete === undefined;
    isUserEvent &&= methods.userEventTriggered === undefined;
    isWritability &&= methods.channelWritabilityChanged === undefined;
  }
}

function pointFromBehind(ctx: ChannelHandlerContext, target: ChannelHandlerContext | undefined): void {
  const { read, write, flush } = ctx.methods;
  let isRead = read !== undefined;
  let isWrite = write !== undefined;
  let isFlush = flush !== undefined;
  for (let behind = ctx.next; isRead || isWrite || isFlush; behind = behind.next) {
    const { methods } = behind;
    if (isRead) behind.prevReadOperation = target ?? ctx.prevReadOperation;
    if (isWrite) behind.prevWrite = target ?? ctx.prevWrite;
    if (isFlush) behind.prevFlush = target ?? ctx.prevFlush;
    if (behind.next === behind) return;
    isRead &&= methods.read === undefined;
    isWrite &&= methods.write === undefined;
    isFlush &&= methods.flush === undefined;
  }
}

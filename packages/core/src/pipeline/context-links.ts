import type { ChannelHandlerContext } from './channel-handler-context.ts';

type InboundLink = 'nextRead' | 'nextReadComplete' | 'nextUserEvent' | 'nextWritability';
type OutboundLink = 'prevReadOperation' | 'prevWrite' | 'prevFlush';

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
  const { methods } = ctx;
  if (methods.channelRead) pointFromBefore(ctx, ctx, 'nextRead', 'channelRead');
  if (methods.channelReadComplete) pointFromBefore(ctx, ctx, 'nextReadComplete', 'channelReadComplete');
  if (methods.userEventTriggered) pointFromBefore(ctx, ctx, 'nextUserEvent', 'userEventTriggered');
  if (methods.channelWritabilityChanged) {
    pointFromBefore(ctx, ctx, 'nextWritability', 'channelWritabilityChanged');
  }
  if (methods.read) pointFromBehind(ctx, ctx, 'prevReadOperation', 'read');
  if (methods.write) pointFromBehind(ctx, ctx, 'prevWrite', 'write');
  if (methods.flush) pointFromBehind(ctx, ctx, 'prevFlush', 'flush');
}

/** Takes a context out. It can still pass things on, to its neighbours of this moment. */
export function unlink(ctx: ChannelHandlerContext): void {
  ctx.prev.next = ctx.next;
  ctx.next.prev = ctx.prev;
  const { methods } = ctx;
  if (methods.channelRead) pointFromBefore(ctx, ctx.nextRead, 'nextRead', 'channelRead');
  if (methods.channelReadComplete) {
    pointFromBefore(ctx, ctx.nextReadComplete, 'nextReadComplete', 'channelReadComplete');
  }
  if (methods.userEventTriggered) {
    pointFromBefore(ctx, ctx.nextUserEvent, 'nextUserEvent', 'userEventTriggered');
  }
  if (methods.channelWritabilityChanged) {
    pointFromBefore(ctx, ctx.nextWritability, 'nextWritability', 'channelWritabilityChanged');
  }
  if (methods.read) pointFromBehind(ctx, ctx.prevReadOperation, 'prevReadOperation', 'read');
  if (methods.write) pointFromBehind(ctx, ctx.prevWrite, 'prevWrite', 'write');
  if (methods.flush) pointFromBehind(ctx, ctx.prevFlush, 'prevFlush', 'flush');
  pointToNeighbours(ctx);
}

/** Makes a replaced context pass everything on through the one that replaced it, both ways. */
export function redirect(replaced: ChannelHandlerContext, replacement: ChannelHandlerContext): void {
  replaced.prev = replacement;
  replaced.next = replacement;
  pointToNeighbours(replaced);
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

/** Points a link to `target` from `ctx`'s place back to the last handler before it that has the method. */
function pointFromBefore(
  ctx: ChannelHandlerContext,
  target: ChannelHandlerContext,
  link: InboundLink,
  method: 'channelRead' | 'channelReadComplete' | 'userEventTriggered' | 'channelWritabilityChanged',
): void {
  let before = ctx.prev;
  before[link] = target;
  while (before.methods[method] === undefined && before.prev !== before) {
    before = before.prev;
    before[link] = target;
  }
}

function pointFromBehind(
  ctx: ChannelHandlerContext,
  target: ChannelHandlerContext,
  link: OutboundLink,
  method: 'read' | 'write' | 'flush',
): void {
  let behind = ctx.next;
  behind[link] = target;
  while (behind.methods[method] === undefined && behind.next !== behind) {
    behind = behind.next;
    behind[link] = target;
  }
}

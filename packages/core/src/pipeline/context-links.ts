import type { ChannelHandlerContext } from './channel-handler-context.ts';
import { Link } from './handler-methods.ts';

const INBOUND = Link.channelRead | Link.channelReadComplete | Link.userEventTriggered;
const OUTBOUND = Link.read | Link.write | Link.flush;

/** Joins the two ends of an empty pipeline: the tail takes every event, the head every operation. */
export function linkEnds(head: ChannelHandlerContext, tail: ChannelHandlerContext): void {
  head.next = tail;
  tail.prev = head;
  head.nextRead = tail;
  head.nextReadComplete = tail;
  head.nextUserEvent = tail;
  tail.prevReadOperation = head;
  tail.prevWrite = head;
  tail.prevFlush = head;
}

/** Joins the neighbours of a new context to it and points the links of all it concerns to it. */
export function linkIn(ctx: ChannelHandlerContext): void {
  ctx.prev.next = ctx;
  ctx.next.prev = ctx;
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
  ctx.prevReadOperation = prev;
  ctx.prevWrite = prev;
  ctx.prevFlush = prev;
}

/**
 * Points the links of the contexts before `ctx`, as far back as they end at its place, to `target`;
 * without one, to where its own links go. One walk with a line for each link is several times
 * cheaper than a walk by the name of a link, and a new connection has one for each handler.
 */
function pointFromBefore(ctx: ChannelHandlerContext, target: ChannelHandlerContext | undefined): void {
  // The links that end at its place: fewer with each listener on the way back.
  let left = ctx.methods.links & INBOUND;
  for (let before = ctx.prev; left !== 0; before = before.prev) {
    if (left & Link.channelRead) before.nextRead = target ?? ctx.nextRead;
    if (left & Link.channelReadComplete) before.nextReadComplete = target ?? ctx.nextReadComplete;
    if (left & Link.userEventTriggered) before.nextUserEvent = target ?? ctx.nextUserEvent;
    if (before.prev === before) return;
    left &= ~before.methods.links;
  }
}

function pointFromBehind(ctx: ChannelHandlerContext, target: ChannelHandlerContext | undefined): void {
  let left = ctx.methods.links & OUTBOUND;
  for (let behind = ctx.next; left !== 0; behind = behind.next) {
    if (left & Link.read) behind.prevReadOperation = target ?? ctx.prevReadOperation;
    if (left & Link.write) behind.prevWrite = target ?? ctx.prevWrite;
    if (left & Link.flush) behind.prevFlush = target ?? ctx.prevFlush;
    if (behind.next === behind) return;
    left &= ~behind.methods.links;
  }
}

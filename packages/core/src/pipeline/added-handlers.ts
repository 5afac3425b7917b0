import { ChannelPipelineError } from '../errors.ts';
import type { ChannelHandlerContext } from './channel-handler-context.ts';
import type { ChannelHandler } from './channel-handler.ts';
import { className } from './handler-reference.ts';

/** Makes of `new` on a subclass a way to give any object the private fields of that subclass. */
class Given {
  constructor(object: object) {
    return object;
  }
}

// What the next one holds: a field that is set twice costs another 130 instructions.
let newPlace: ChannelHandlerContext | undefined;

// A private field: out of the handler's sight, there for frozen ones too, and several times cheaper
// for each new connection than a WeakSet, which the garbage collector must look through. It holds the
// place, which knows whether the handler has left it: closing a pipeline has nothing to write down.
class Membership extends Given {
  #place: ChannelHandlerContext | undefined = newPlace;

  static isAdded(handler: object): boolean {
    return #place in handler && handler.#place?.isRemoved === false;
  }

  static set(handler: object, place: ChannelHandlerContext | undefined): void {
    if (#place in handler) handler.#place = place;
    else if (place) Membership.setNew(handler, place);
  }

  /** Throws a TypeError when the handler has stood in a pipeline before. */
  static setNew(handler: object, place: ChannelHandlerContext): void {
    newPlace = place;
    void new Membership(handler);
    newPlace = undefined;
  }
}

/**
 * Remembers which handlers stand in a pipeline, so that one that keeps the state of a channel
 * is never put into two. A handler that was removed may be added again.
 */
export const AddedHandlers = {
  /** Throws a {@link ChannelPipelineError} when the handler stands in a pipeline and is not sharable. */
  add(place: ChannelHandlerContext): void {
    const { handler } = place;
    if (handler.sharable === true) return;
    AddedHandlers.check(handler);
    Membership.set(handler, place);
  },

  /** Throws what {@link add} would throw. */
  check(handler: ChannelHandler): void {
    if (handler.sharable !== true && Membership.isAdded(handler)) {
      const name = className(handler);
      throw new ChannelPipelineError(
        `${name} is not sharable, so this instance can't be added to a pipeline a second time. ` +
          `Use a new ${name} for each channel, or set sharable = true if it keeps no state of a channel.`,
      );
    }
  },

  /** As {@link add}, for a handler that was made for this place and is not sharable. */
  addNew(place: ChannelHandlerContext): void {
    try {
      Membership.setNew(place.handler, place);
    } catch {
      // It has the field, so it was not made for this place.
      AddedHandlers.add(place);
    }
  },

  /** The handler may be added again, also before its place knows that it is left. */
  remove(handler: ChannelHandler): void {
    Membership.set(handler, undefined);
  },
};

import { ChannelPipelineError } from '../errors.ts';
import type { ChannelHandler } from './channel-handler.ts';

/** Makes of `new` on a subclass a way to give any object the private fields of that subclass. */
class Given {
  constructor(object: object) {
    return object;
  }
}

// A private field: out of the handler's sight, there for frozen ones too, and several times cheaper
// for each new connection than a WeakSet, which the garbage collector must look through.
class Membership extends Given {
  #isAdded = true;

  static isAdded(handler: object): boolean {
    return #isAdded in handler && handler.#isAdded;
  }

  static set(handler: object, isAdded: boolean): void {
    if (#isAdded in handler) handler.#isAdded = isAdded;
    else if (isAdded) void new Membership(handler);
  }
}

/**
 * Remembers which handlers stand in a pipeline, so that one that keeps the state of a channel
 * is never put into two. A handler that was removed may be added again.
 */
export const AddedHandlers = {
  /** Throws a {@link ChannelPipelineError} when the handler stands in a pipeline and is not sharable. */
  add(handler: ChannelHandler): void {
    if (handler.sharable === true) return;
    if (Membership.isAdded(handler)) {
      const name = handler.constructor.name;
      throw new ChannelPipelineError(
        `${name} is not sharable, so this instance can't be added to a pipeline a second time. ` +
          `Use a new ${name} for each channel, or set sharable = true if it keeps no state of a channel.`,
      );
    }
    Membership.set(handler, true);
  },

  remove(handler: ChannelHandler): void {
    Membership.set(handler, false);
  },
};

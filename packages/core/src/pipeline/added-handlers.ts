import { ChannelPipelineError } from '../errors.ts';
import type { ChannelHandler } from './channel-handler.ts';

const added = new WeakSet<ChannelHandler>();

/**
 * Remembers which handlers stand in a pipeline, so that one that keeps the state of a channel
 * is never put into two. A handler that was removed may be added again.
 */
export const AddedHandlers = {
  /** Throws a {@link ChannelPipelineError} when the handler stands in a pipeline and is not sharable. */
  add(handler: ChannelHandler): void {
    if (handler.sharable === true) return;
    if (added.has(handler)) {
      const name = handler.constructor.name;
      throw new ChannelPipelineError(
        `${name} is not sharable, so this instance can't be added to a pipeline a second time. ` +
          `Use a new ${name} for each channel, or set sharable = true if it keeps no state of a channel.`,
      );
    }
    added.add(handler);
  },

  remove(handler: ChannelHandler): void {
    added.delete(handler);
  },
};

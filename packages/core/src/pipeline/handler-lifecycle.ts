import { ChannelPipelineError } from '../errors.ts';
import type { ChannelHandlerContext } from './channel-handler-context.ts';
import type { ChannelPipeline } from './channel-pipeline.ts';
import { className } from './handler-reference.ts';

interface Callback {
  readonly ctx: ChannelHandlerContext;
  readonly isAdded: boolean;
}

/**
 * Tells the handlers of one pipeline that they have come and gone: each once, in order, none
 * before the channel is registered, and none any more after the pipeline was destroyed.
 */
export class HandlerLifecycle {
  readonly #pipeline: ChannelPipeline;
  #state: 'waiting' | 'open' | 'destroyed' = 'waiting';
  #waiting: Callback[] | undefined = undefined;

  constructor(pipeline: ChannelPipeline) {
    this.#pipeline = pipeline;
  }

  added(ctx: ChannelHandlerContext): void {
    if (this.#state === 'open') this.#callAdded(ctx);
    else if (this.#state === 'waiting') this.#wait({ ctx, isAdded: true });
  }

  removed(ctx: ChannelHandlerContext): void {
    if (this.#state === 'waiting') this.#wait({ ctx, isAdded: false });
    else this.#callRemoved(ctx);
  }

  /** The channel is registered: calls what waited for it. */
  open(): void {
    if (this.#state === 'waiting') this.#state = 'open';
    for (let next = this.#waiting?.shift(); next; next = this.#waiting?.shift()) {
      if (next.isAdded) this.#callAdded(next.ctx);
      else this.#callRemoved(next.ctx);
    }
    this.#waiting = undefined;
  }

  /** The channel is closed: a handler added from now on is not told and sees no event. */
  destroy(): void {
    this.#state = 'destroyed';
    this.#waiting = undefined;
  }

  #wait(callback: Callback): void {
    if (this.#waiting === undefined) this.#waiting = [callback];
    else this.#waiting.push(callback);
  }

  #callAdded(ctx: ChannelHandlerContext): void {
    try {
      ctx.callHandlerAdded();
    } catch (cause) {
      this.#undoAdd(ctx, cause);
    }
  }

  #undoAdd(ctx: ChannelHandlerContext, cause: unknown): void {
    this.#pipeline.drop(ctx);
    let outcome = 'removed';
    try {
      ctx.callHandlerRemoved();
    } catch {
      outcome = 'also failed to remove';
    }
    const what = `${className(ctx.handler)}.handlerAdded() has thrown an exception; ${outcome}.`;
    this.#pipeline.fireExceptionCaught(new ChannelPipelineError(what, { cause }));
  }

  #callRemoved(ctx: ChannelHandlerContext): void {
    try {
      ctx.callHandlerRemoved();
    } catch (cause) {
      const what = `${className(ctx.handler)}.handlerRemoved() has thrown an exception.`;
      this.#pipeline.fireExceptionCaught(new ChannelPipelineError(what, { cause }));
    }
  }
}

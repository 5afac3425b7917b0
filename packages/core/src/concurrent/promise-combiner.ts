import { ChannelPipelineError } from '../errors.ts';
import type { ChannelFuture, ChannelPromise } from './channel-promise.ts';

/** Completes one promise when several operations are done; the first failure is its cause. */
export class PromiseCombiner {
  #expected = 0;
  #done = 0;
  #failure: { cause: unknown } | undefined = undefined;
  #aggregate: ChannelPromise | undefined = undefined;

  /** Throws a {@link ChannelPipelineError} after {@link finish}. */
  add(future: ChannelFuture): this {
    if (this.#aggregate) throw new ChannelPipelineError('Nothing can be added after finish().');
    this.#expected++;
    future.addListener((done) => {
      this.#done++;
      if (!done.isSuccess) this.#failure ??= { cause: done.cause };
      this.#complete();
    });
    return this;
  }

  /** The promise to complete; at once when all are done or none was added. Throws when called twice. */
  finish(aggregate: ChannelPromise): void {
    if (this.#aggregate) throw new ChannelPipelineError('finish() was called already.');
    this.#aggregate = aggregate;
    this.#complete();
  }

  #complete(): void {
    if (this.#aggregate === undefined || this.#done < this.#expected) return;
    if (this.#failure) this.#aggregate.tryFailure(this.#failure.cause);
    else this.#aggregate.trySuccess();
  }
}

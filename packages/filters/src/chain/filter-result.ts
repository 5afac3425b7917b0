/** The least of an RxJS Observable that is needed here; any Observable fits. */
export interface Subscribable<T> {
  subscribe(observer: { next(value: T): void; error(cause: unknown): void; complete(): void }): {
    unsubscribe(): void;
  };
}

/** A result that comes later: as a Promise, or as the first item of an Observable. */
export type LaterResult<T> = PromiseLike<T | void> | Subscribable<T | void>;

/** What a filter returns: a message, nothing (which keeps the one it was given), or either of them later. */
export type FilterResult<T> = T | void | LaterResult<T>;

/** Whether a result comes later. */
export function isLater<T extends object>(result: FilterResult<T>): result is LaterResult<T> {
  // Untyped code returns null where it has nothing to say.
  return typeof result === 'object' && result !== null && (isPromise(result) || isSubscribable(result));
}

export function isPromise<T>(result: LaterResult<T> | object): result is PromiseLike<T | void> {
  return 'then' in result && typeof result.then === 'function';
}

function isSubscribable(result: object): boolean {
  return 'subscribe' in result && typeof result.subscribe === 'function';
}

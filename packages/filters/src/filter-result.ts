/** The least of an RxJS Observable that is needed here; any Observable fits. */
export interface Subscribable<T> {
  subscribe(observer: { next(value: T): void; error(cause: unknown): void; complete(): void }): {
    unsubscribe(): void;
  };
}

/**
 * What a filter returns: a message, nothing (which keeps the one it was given), or either of
 * them later, as a Promise or as the first item of an Observable.
 */
export type FilterResult<T> = T | void | PromiseLike<T | void> | Subscribable<T | void>;

/** Waits for a result that comes later. Exactly one of the two is called, once, never before this returns. */
export function whenSettled<T>(
  result: PromiseLike<T | void> | Subscribable<T | void>,
  onValue: (value: T | void) => void,
  onError: (cause: unknown) => void,
): void {
  const promise = isPromise<T>(result) ? result : firstOf(result);
  promise.then(onValue, onError);
}

/** Whether a result comes later. */
export function isLater<T extends object>(
  result: FilterResult<T>,
): result is PromiseLike<T | void> | Subscribable<T | void> {
  return typeof result === 'object' && (isPromise(result) || 'subscribe' in result);
}

function isPromise<T>(
  result: PromiseLike<T | void> | Subscribable<T | void> | object,
): result is PromiseLike<T | void> {
  return 'then' in result && typeof result.then === 'function';
}

function firstOf<T>(observable: Subscribable<T>): Promise<T | void> {
  return new Promise((resolve, reject) => {
    let subscription: { unsubscribe(): void } | undefined;
    let isDone = false;
    const end = (): void => {
      isDone = true;
      subscription?.unsubscribe();
    };
    subscription = observable.subscribe({
      next: (value) => {
        resolve(value);
        end();
      },
      error: reject,
      complete: () => resolve(undefined),
    });
    if (isDone) subscription.unsubscribe();
  });
}

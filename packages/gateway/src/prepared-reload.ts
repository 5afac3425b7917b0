import { SluiceError } from '@sluice/core';

interface ReloadSteps {
  commit(): void;
  discard(): Promise<void>;
  /** Lets the next reload begin. */
  ended(): void;
}

/** Another declaration of a running gateway, checked, resolved and bound, that is not in use yet. */
export class PreparedReload {
  readonly #steps: ReloadSteps;
  #isOver = false;

  /** @internal */
  constructor(steps: ReloadSteps) {
    this.#steps = steps;
  }

  /** Puts it in use, at once. Throws a {@link SluiceError} when it was committed or discarded before, or the gateway has stopped. */
  commit(): void {
    if (this.#isOver) {
      throw new SluiceError(
        'SLUICE_GATEWAY_STATE',
        'A reload that is over or was discarded can not be committed.',
      );
    }
    this.#isOver = true;
    try {
      this.#steps.commit();
    } finally {
      this.#steps.ended();
    }
  }

  /** Gives it up; what is in use stays. Does nothing when it is over. */
  async discard(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    try {
      await this.#steps.discard();
    } finally {
      this.#steps.ended();
    }
  }
}

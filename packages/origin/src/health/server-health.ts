/** Whether a server is fit for requests, and why not. */
export class ServerHealth {
  #failsCheck = false;
  #isEjected = false;
  #isTripped = false;
  #readySinceMs = 0;
  #onChange: (() => void) | undefined = undefined;

  get isHealthy(): boolean {
    return !this.#failsCheck && !this.#isEjected && !this.#isTripped;
  }

  /** Whether health checks say that it is ill, or have not said yet that it is well. */
  get failsCheck(): boolean {
    return this.#failsCheck;
  }

  /** Whether outlier detection has taken it out for a while. */
  get isEjected(): boolean {
    return this.#isEjected;
  }

  /** Whether it is passed over because connections to it have failed in a row. */
  get isTripped(): boolean {
    return this.#isTripped;
  }

  /** Since when it has been fit, by the clock of the event loop, in ms. */
  get readySinceMs(): number {
    return this.#readySinceMs;
  }

  /** @internal `onChange` is called whenever {@link isHealthy} becomes another. */
  watch(nowMs: number, onChange: () => void): void {
    this.#readySinceMs = nowMs;
    this.#onChange = onChange;
  }

  /** @internal */
  setFailsCheck(failsCheck: boolean, nowMs: number): void {
    const before = this.isHealthy;
    this.#failsCheck = failsCheck;
    this.#changed(before, nowMs);
  }

  /** @internal */
  setEjected(isEjected: boolean, nowMs: number): void {
    const before = this.isHealthy;
    this.#isEjected = isEjected;
    this.#changed(before, nowMs);
  }

  /** @internal */
  setTripped(isTripped: boolean, nowMs: number): void {
    const before = this.isHealthy;
    this.#isTripped = isTripped;
    this.#changed(before, nowMs);
  }

  #changed(before: boolean, nowMs: number): void {
    if (this.isHealthy === before) return;
    if (this.isHealthy) this.#readySinceMs = nowMs;
    this.#onChange?.();
  }
}

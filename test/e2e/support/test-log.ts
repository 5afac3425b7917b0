import { silentLogger } from '@sluice/core';
import type { Logger } from '@sluice/core';

interface Line {
  readonly message: string;
  readonly error: unknown;
}

/** A logger that keeps what is logged, and can be waited for. */
export class TestLog {
  readonly lines: Line[] = [];
  #notify: () => void = () => {};

  readonly logger: Logger = {
    ...silentLogger,
    error: (fields, message) => this.#keep(fields, message),
    warn: (fields, message) => this.#keep(fields, message),
    info: (fields, message) => this.#keep(fields, message),
  };

  /** Waits for a line whose message matches. */
  async line(pattern: RegExp): Promise<Line> {
    for (;;) {
      const found = this.lines.find(({ message }) => pattern.test(message));
      if (found) return found;
      await new Promise<void>((resolve) => (this.#notify = resolve));
    }
  }

  #keep(fields: object, message: string): void {
    this.lines.push({ message, error: (fields as { err?: unknown }).err });
    this.#notify();
  }
}

import { silentLogger } from '@sluice/core';
import type { Logger } from '@sluice/core';
import { parsePassport } from '@sluice/passport';
import type { PassportState } from '@sluice/passport';

/** A logger that keeps the passports of finished requests, as the states that they went through. */
export class PassportLog {
  readonly #passports: (readonly PassportState[])[] = [];
  #notify: () => void = () => {};

  readonly logger: Logger = {
    ...silentLogger,
    info: (fields) => this.#keep(fields),
    debug: (fields) => this.#keep(fields),
  };

  /** The passport of the request of this number, from 0, once it is finished. */
  async passport(at: number): Promise<readonly PassportState[]> {
    for (;;) {
      const passport = this.#passports[at];
      if (passport !== undefined) return passport;
      await new Promise<void>((resolve) => (this.#notify = resolve));
    }
  }

  #keep(fields: object): void {
    if (!('passport' in fields)) return;
    const text = JSON.parse(JSON.stringify(fields.passport)) as string;
    this.#passports.push(
      parsePassport(text)
        .items()
        .map(({ state }) => state),
    );
    this.#notify();
  }
}

import type { ConfigRecord } from '@sluice/config';
import type { PreparedGateway } from '../reference/running-gateway.ts';
import type { PreparedReply } from './worker-messages.ts';

/** Reads a configuration from its record, and gets ready to go over to it. */
export type PrepareReload = (record: ConfigRecord) => Promise<PreparedGateway>;

/** A worker's side of a reload in two steps: it goes over to a configuration when all workers can. */
export class WorkerReload {
  readonly #prepare: PrepareReload;
  #prepared: Promise<PreparedGateway> | undefined = undefined;

  constructor(prepare: PrepareReload) {
    this.#prepare = prepare;
  }

  /** One that was prepared before and neither committed nor discarded is given up. */
  async prepare(record: ConfigRecord): Promise<PreparedReply> {
    await this.discard();
    this.#prepared = this.#prepare(record);
    try {
      await this.#prepared;
      return { isPrepared: true };
    } catch (cause) {
      this.#prepared = undefined;
      return { isPrepared: false, why: cause instanceof Error ? cause.message : String(cause) };
    }
  }

  async commit(): Promise<void> {
    const prepared = await this.#prepared;
    this.#prepared = undefined;
    if (prepared === undefined) throw new Error('No reload was prepared.');
    prepared.commit();
  }

  /** Also one that is still being prepared. */
  async discard(): Promise<void> {
    const prepared = await this.#prepared?.catch(() => {});
    this.#prepared = undefined;
    await prepared?.discard();
  }
}

import type { AttributeKey } from '../channel/attribute.ts';
import type { ChannelOption } from '../channel/channel-config.ts';
import { applyOptions } from '../channel/channel-config.ts';
import type { Channel } from '../channel/channel.ts';

/** Options and attributes that a bootstrap gives to each channel it makes. */
export class BootstrapSettings {
  readonly #options: Map<ChannelOption<unknown>, unknown>;
  readonly #attributes: Map<AttributeKey<unknown>, unknown>;

  constructor(other?: BootstrapSettings) {
    this.#options = new Map(other?.options);
    this.#attributes = new Map(other?.attributes);
  }

  get options(): ReadonlyMap<ChannelOption<unknown>, unknown> {
    return this.#options;
  }

  get attributes(): ReadonlyMap<AttributeKey<unknown>, unknown> {
    return this.#attributes;
  }

  /** Undefined removes the option. */
  setOption<T>(option: ChannelOption<T>, value: T | undefined): void {
    if (value === undefined) this.#options.delete(option);
    else this.#options.set(option, value);
  }

  /** Undefined removes the attribute. */
  setAttribute<T>(key: AttributeKey<T>, value: T | undefined): void {
    if (value === undefined) this.#attributes.delete(key);
    else this.#attributes.set(key, value);
  }

  apply(channel: Channel): void {
    applyOptions(channel, this.#options);
    for (const [key, value] of this.#attributes) channel.attr(key).set(value);
  }
}

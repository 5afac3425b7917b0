import type { ChannelHandler, EmbeddedChannel, HandlerMethod } from '@sluice/core';

/** Makes the handler under test, anew for each check. A sharable one may be the same each time. */
export type MakeHandler = () => ChannelHandler;

/** One thing that happens to a channel: bytes come in, a response is written, time passes. */
export type ContractStep = (channel: EmbeddedChannel) => void;

/** What the contract has to know of a handler. A handler that passes everything on needs none of it. */
export interface HandlerContractOptions {
  /** In the names of the tests. Default: the class of the handler. */
  readonly name?: string;
  /** Handlers that it needs before it (nearer to the transport) for `steps` and `bytes`, as a codec. */
  readonly before?: () => readonly ChannelHandler[];
  /** Handlers that it needs after it. */
  readonly after?: () => readonly ChannelHandler[];
  /** The events and operations that it keeps for itself, or some of them. */
  readonly consumes?: readonly HandlerMethod[];
  /**
   * A life of a channel with this handler. The connection is lost, and the handler removed, after
   * each of the steps. Default: a message each way.
   */
  readonly steps?: readonly ContractStep[];
  /** For a handler that reads bytes: inputs that must give the same in whatever pieces they come. */
  readonly bytes?: readonly (string | Uint8Array)[];
  /** Runs before each input of `bytes`, as to write the request that a response answers. */
  readonly prepare?: ContractStep;
}

/** One rule of the contract. */
export interface ContractCheck {
  /** As a sentence whose subject is the handler. */
  readonly rule: string;
  /** Throws a ContractError when the handler breaks the rule. */
  readonly run: () => void;
}

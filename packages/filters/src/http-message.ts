import type { HttpHeaders } from '@sluice/codec-http';
import type { SessionContext } from './session-context.ts';

/** What requests and responses have in common for a filter. */
export abstract class HttpMessage {
  readonly context: SessionContext;
  #body: Buffer | undefined = undefined;
  #isBodyReplaced = false;

  constructor(context: SessionContext) {
    this.context = context;
  }

  abstract get headers(): HttpHeaders;

  /** The whole body, if it was buffered because a filter asked for it or set it; else undefined. */
  get body(): Buffer | undefined {
    return this.#body;
  }

  get bodyAsText(): string | undefined {
    return this.#body?.toString('utf8');
  }

  /**
   * Puts another body in the place of what was received. Text is sent as UTF-8. Only before the
   * body streams: from a filter that buffers it, or on a message that one makes oneself.
   */
  setBody(body: Buffer | string): void {
    this.#body = typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
    this.#isBodyReplaced = true;
    this.setBodyLength(this.#body.length);
  }

  /** @internal */
  bufferBody(body: Buffer): void {
    this.#body = body;
  }

  /** @internal The body to send in place of the received one, once. */
  takeReplacedBody(): Buffer | undefined {
    if (!this.#isBodyReplaced) return undefined;
    this.#isBodyReplaced = false;
    return this.#body;
  }

  /** Says that the body will have another length than was announced, not known now. */
  abstract setBodyLengthUnknown(): void;

  protected abstract setBodyLength(bytes: number): void;
}

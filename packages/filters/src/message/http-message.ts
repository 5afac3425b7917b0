import { Buffer } from 'node:buffer';
import { FieldNameSet } from '@sluice/codec-http';
import type { HttpHeaders } from '@sluice/codec-http';
import { kindOf } from './kind-of.ts';
import type { SessionContext } from './session-context.ts';

const NO_BODY: Buffer = Buffer.alloc(0);
// RFC 9530 §2, §3 and their predecessors; RFC 9110 §14.3: ranges of another body are of no use.
const BODY_FIELDS = new FieldNameSet([
  'accept-ranges',
  'content-digest',
  'content-md5',
  'digest',
  'repr-digest',
]);

/** What requests and responses have in common for a filter. */
export abstract class HttpMessage {
  readonly context: SessionContext;
  #body: Buffer | undefined = undefined;
  #isBodyReplaced: boolean;

  /** `isWhole`: no body streams behind the message; without {@link setBody} it has none. */
  constructor(context: SessionContext, isWhole = false) {
    this.context = context;
    this.#isBodyReplaced = isWhole;
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
   * Puts another body, of a length that is known, in the place of the one that was or will be
   * received; that one is dropped, its trailers too, and the fields that described it: digests, ranges,
   * and the strength of an ETag. Text is sent as UTF-8. From `apply`, or on a message that one makes
   * oneself: later the head has been sent. Throws a TypeError for anything but text and bytes.
   */
  setBody(body: Buffer | string): void {
    if (typeof body !== 'string' && !(body instanceof Uint8Array))
      throw new TypeError(`setBody takes a string or a Buffer, found ${kindOf(body)}.`);
    // A message made here has no body before its first one.
    if (!this.#isBodyReplaced) this.outdate(this.headers);
    this.#body = typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
    this.#isBodyReplaced = true;
    this.setBodyLength(this.#body.length);
  }

  /** @internal Whether bytes of another protocol follow, and no body. */
  get opensTunnel(): boolean {
    return false;
  }

  /** @internal */
  bufferBody(body: Buffer): void {
    this.#body = body;
  }

  /** @internal Whether its body is here, and nobody has to send one behind it. */
  get isWhole(): boolean {
    return this.#isBodyReplaced;
  }

  /** @internal The body to send in place of the received one, once. */
  takeReplacedBody(): Buffer | undefined {
    if (!this.#isBodyReplaced) return undefined;
    this.#isBodyReplaced = false;
    return this.#body ?? NO_BODY;
  }

  /** @internal Bytes of the body that were announced and are still to come as they were; 0 when not known. */
  get announcedBytes(): number {
    return 0;
  }

  /** @internal Whether its head says that no body follows. */
  abstract get hasNoBody(): boolean;

  /**
   * Says that the body will be another one, of a length that is not known now, and drops the fields that described the
   * one that was announced. Done for a filter that changes pieces of the body.
   */
  setBodyChanged(): void {
    this.outdate(this.headers);
    this.setBodyLengthUnknown();
  }

  /** Says that the body will have another length than was announced, not known now. */
  abstract setBodyLengthUnknown(): void;

  protected abstract setBodyLength(bytes: number): void;

  /** @internal Takes from fields of the head, or of the trailers, what they tell of a body that will be another. */
  outdate(fields: HttpHeaders): void {
    fields.deleteAll(BODY_FIELDS);
  }
}

/**
 * What a filter returned in the place of a message, if it is one of the same kind and for the same request: untyped code
 * returns anything, and a message that is kept is of another request. Throws a TypeError.
 */
export function requireMessage<M extends HttpMessage>(result: M, given: M, filter: string): M {
  if (!(result instanceof given.constructor)) {
    const expected = given.constructor.name;
    throw new TypeError(`The filter ${filter} returned something else than a message: expected ${expected}.`);
  }
  if (result.context !== given.context) throw otherRequest(filter);
  return result;
}

/** For a message that is of another request: its body may be gone, and what becomes of it is told of that one. */
export function otherRequest(by: string): TypeError {
  return new TypeError(`${by} gave a message that was made for another request. Make one for each.`);
}

/** For a response that is given alone and says that its body streams behind it: its client would wait for that. */
export function bodyMissing(by: string): TypeError {
  return new TypeError(`${by} gave a response whose body nobody sends. Make it by HttpResponseMessage.make.`);
}

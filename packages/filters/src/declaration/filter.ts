import 'reflect-metadata/lite';
import type { HttpContent } from '@sluice/codec-http';
import { injectable } from 'inversify';
import type { Newable } from 'inversify';
import type { BodyPiece } from '../body/body-piece.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import type { FilterConstraintClass } from './filter-constraint.ts';
import type { FilterResult } from '../chain/filter-result.ts';
import type { HttpRequestMessage } from '../message/http-request-message.ts';
import type { HttpResponseMessage } from '../message/http-response-message.ts';
import type { SessionContext } from '../message/session-context.ts';
import { FilterSetError } from './filter-set-error.ts';

export type FilterKind = 'inbound' | 'endpoint' | 'outbound';

/** What every filter may have. */
export interface Destroyable {
  /** The filter has left the gateway and its last request is over: the place to close what it holds. */
  destroy?(): void | Promise<void>;
}

/** What inbound and outbound filters have in common. */
export interface ChainFilter<Message> extends Destroyable {
  /** Whether to run for this message. Asked once a message. Default: yes. */
  shouldFilter?(message: Message, context: SessionContext): boolean;
  /**
   * Whether to wait for the whole body before `apply`, up to a limit (413 for a request, 502 for a
   * response). Asked once a message. Default: no; the body streams.
   */
  needsBodyBuffered?(message: Message, context: SessionContext): boolean;
  /** Looks at or changes the message, or returns another in its place. May be asynchronous. */
  apply(message: Message, context: SessionContext): FilterResult<Message>;
  /**
   * Changes the body piece by piece, after `apply`: returns the piece, another in its place, several,
   * or undefined to drop it. Each piece comes once, through the filters in their order; the last one is
   * a LastHttpContent, whose end and trailers are kept when it is dropped. The length that was
   * announced is then no longer sent, nor what told of the body, in head or trailers (digests, ranges), and
   * an ETag becomes a weak one; see `keepsBody`. A message without a body gets none in this way. Half a body changed is of no use: an
   * error here ends the request, whatever `onFailure` says.
   */
  processContentChunk?(
    message: Message,
    chunk: HttpContent,
  ): HttpContent | readonly HttpContent[] | undefined;
  /**
   * Changes the body as a whole, in place of `processContentChunk`: takes the pieces one by one, as
   * fast as it likes, and gives those that go on, as fast as they are taken. The last piece that comes
   * is a LastHttpContent; without one given, the end follows with the trailers that came. For the
   * rest it is as with `processContentChunk`. Taking must go on within `timeoutMs`. When the request
   * is cancelled, the next piece is an error, and `return` of the iterator is called.
   */
  transformBody?(message: Message, body: AsyncIterable<HttpContent>): AsyncIterable<BodyPiece>;
}

/** Runs on a request before the endpoint. */
export interface InboundFilter extends ChainFilter<HttpRequestMessage> {}

/** Runs on a response before it is sent, also on those that the gateway makes itself. */
export interface OutboundFilter extends ChainFilter<HttpResponseMessage> {}

export type InboundFilterClass = Newable<InboundFilter, never[]>;
export type OutboundFilterClass = Newable<OutboundFilter, never[]>;
export type EndpointClass = Newable<Endpoint, never[]>;
export type FilterClass = InboundFilterClass | OutboundFilterClass | EndpointClass;
export interface FilterOf {
  readonly inbound: InboundFilter;
  readonly endpoint: Endpoint;
  readonly outbound: OutboundFilter;
}

export interface FilterOptions<Kind extends FilterKind = FilterKind> {
  readonly type: Kind;
  /** In logs, metrics, routes and the operator's switch; no two filters share one. Default: the name of the class. */
  readonly name?: string;
  /** Whether it runs where no route says otherwise. Default: true. */
  readonly enabledByDefault?: boolean;
  /** Whether the operator can't turn it off, for without it no request is answered as it should be. Default: false. */
  readonly required?: boolean;
  /** Reasons to skip it that it shares with others. Default: none. */
  readonly constraints?: readonly FilterConstraintClass[];
  /** Filters of the same type that must run earlier. */
  readonly after?: readonly FilterClass[];
  /** Filters of the same type that must run later. */
  readonly before?: readonly FilterClass[];
  /**
   * How long an asynchronous `apply` may take, in ms, above 0; then it has failed, with status 500 when closed. Default: 10 000.
   */
  readonly timeoutMs?: number;
  /**
   * What happens when the filter fails: `open` goes on without it, `closed` answers with an
   * error. Default: `closed` for inbound filters and endpoints, `open` for outbound filters. An
   * HttpStatusError is no failure but an answer, and always given.
   */
  readonly onFailure?: 'open' | 'closed';
  /** Runs also after `stopFilterProcessing`. Default: false. */
  readonly alwaysRun?: boolean;
  /**
   * How many asynchronous calls of `apply` may be under way. One more has failed: a 503 when closed.
   * Default: 4000.
   */
  readonly maxConcurrency?: number;
  /** Bytes of a body that `needsBodyBuffered` waits for. Default: as the ZuulFilterChainOptions say. */
  readonly maxBodyBytes?: number;
  /** `processContentChunk` only looks: what it returns does not count, and the announced length stays. Default: false. */
  readonly keepsBody?: boolean;
}

const FILTER = Symbol.for('@sluice/filters:filter');

/** Makes a class a filter of the given type; the compiler checks that it has the methods of that type. */
export function Filter<Kind extends FilterKind>(options: FilterOptions<Kind>) {
  return (filter: Newable<FilterOf[Kind], never[]>): void => {
    injectable('Singleton')(filter);
    Reflect.defineMetadata(FILTER, options, filter);
  };
}

/** Whether a value, such as an export of a plugin, is a class with `@Filter`. */
export function isFilterClass(value: unknown): value is FilterClass {
  return typeof value === 'function' && Reflect.hasOwnMetadata(FILTER, value);
}

/** What the decorator of a class says. Throws a {@link FilterSetError} for a class without one. */
export function filterOptions(filter: FilterClass): FilterOptions {
  const options = Reflect.getOwnMetadata(FILTER, filter) as FilterOptions | undefined;
  if (options === undefined)
    throw new FilterSetError(`${filter.name} is not a filter; it has no @Filter decorator.`);
  return options;
}

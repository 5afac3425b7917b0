import type { Channel } from '@sluice/core';
import type { AccessLogFields } from '@sluice/handler-access-log';
import { CURRENT_PASSPORT } from '@sluice/passport';
import type { Passport } from '@sluice/passport';
import type { FilterError } from '../chain/filter-error.ts';
import type { FilterExecutions } from '../chain/filter-executions.ts';
import type { FilterExecution } from '../chain/filter-status.ts';
import type { EndpointClass } from '../declaration/filter.ts';
import type { HttpResponseMessage } from './http-response-message.ts';
import { formatResponseFlags, formatResponseFlagsLong, withResponseFlag } from '../error/response-flags.ts';
import type { ResponseFlag } from '../error/response-flags.ts';
import { isFailure, StatusCategory } from '../error/status-category.ts';
import type { StatusCategoryName } from '../error/status-category.ts';

/** Names a value that filters of a request share, and carries its type. Compared by identity. */
export class ContextKey<T> {
  declare readonly type: T;
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

const NO_VALUES: readonly unknown[] = [];

/** Where a key stands among keys and values by turns, or is to stand. */
function placeOf(values: readonly unknown[], key: ContextKey<unknown>): number {
  let at = 0;
  while (at < values.length && values[at] !== key) at += 2;
  return at;
}

/** What the filters of one request share. It lives as long as the request. */
export class SessionContext implements AccessLogFields {
  /** The client's connection. */
  readonly channel: Channel;
  /** Where the states of the request are recorded; undefined where no handler keeps a passport. */
  readonly passport: Passport | undefined;
  /** When the head of the request was complete, by the clock of the channel, in ms. */
  readonly startedAt: number;
  /** Who makes the response. Default: the default endpoint of the gateway. */
  endpoint: EndpointClass | undefined = undefined;
  /** The origin to proxy to, by name. */
  origin: string | undefined = undefined;
  /** Set by an inbound filter to answer in place of any endpoint. */
  staticResponse: HttpResponseMessage | undefined = undefined;
  /** Turns filters on and off for this request, by name: what its route says. Default: as their decorators say. */
  filterOverrides: ReadonlyMap<string, boolean> | undefined = undefined;
  /** Skips the filters that have not run yet, but for those that say they always run. */
  stopFilterProcessing = false;
  /** Skips the inbound filters that have not run yet and answers through the error endpoint. */
  shouldSendErrorResponse = false;
  /** What went wrong, for the error endpoint, log and metrics. */
  error: unknown = undefined;
  /** Where the response came from: the name of the endpoint, or `gateway` for one made here. */
  answeredBy: string | undefined = undefined;
  /** The id that the request is known by everywhere. */
  requestId: string | undefined = undefined;
  /** The route that was taken. */
  routeName: string | undefined = undefined;
  /** The server of the origin that answered or was tried last, as `192.0.2.1:8080`. */
  upstreamHost: string | undefined = undefined;
  /** How often the request was sent to an origin. */
  upstreamAttempts = 0;
  /** From the start of the request to the head of the origin's response, in ms. */
  upstreamFirstByteMs: number | undefined = undefined;
  /** What made the status what it is, for the log. */
  responseCodeDetails: string | undefined = undefined;
  // Keys and values by turns: of so few a search costs less than making a Map.
  #values: unknown[] | undefined = undefined;
  #flags = 0;
  #executions: FilterExecutions | undefined = undefined;
  #filterErrors: FilterError[] | undefined = undefined;
  #category: StatusCategoryName = StatusCategory.SUCCESS_LOCAL_NOTSET;
  #categoryReason: string | undefined = undefined;
  #isCancelled = false;
  #abort: AbortController | undefined = undefined;

  constructor(channel: Channel, startedAt: number) {
    this.channel = channel;
    this.startedAt = startedAt;
    this.passport = channel.hasAttr(CURRENT_PASSPORT) ? channel.attr(CURRENT_PASSPORT).get() : undefined;
  }

  get<T>(key: ContextKey<T>): T | undefined {
    const values = this.#values ?? NO_VALUES;
    const place = placeOf(values, key);
    return place < values.length ? (values[place + 1] as T | undefined) : undefined;
  }

  /** Undefined removes the value. */
  set<T>(key: ContextKey<T>, value: T | undefined): void {
    if (this.#values === undefined) {
      this.#values = [key, value];
      return;
    }
    const place = placeOf(this.#values, key);
    this.#values[place] = key;
    this.#values[place + 1] = value;
  }

  get filterErrors(): readonly FilterError[] {
    return this.#filterErrors ?? [];
  }

  /** @internal */
  addFilterError(error: FilterError): void {
    (this.#filterErrors ??= []).push(error);
  }

  /** What became of each filter so far, in the order in which they run. Put together when it is asked for. */
  get filterExecutions(): readonly FilterExecution[] {
    return this.#executions?.list() ?? [];
  }

  /** {@link filterExecutions} in a line, as `Auth[SUCCESS][3ms], Cors[SKIPPED]`; undefined before the first. */
  get filterExecutionSummary(): string | undefined {
    const executions = this.filterExecutions.map(summarised);
    return executions.length === 0 ? undefined : executions.join(', ');
  }

  /** @internal */
  attachExecutions(executions: FilterExecutions): void {
    this.#executions = executions;
  }

  /** Adds one of Envoy's flags, for the log: something went wrong in this way. */
  addResponseFlag(flag: ResponseFlag): void {
    this.#flags = withResponseFlag(this.#flags, flag);
  }

  /** The flags that were added, separated by commas; undefined for none. */
  get responseFlags(): string | undefined {
    return formatResponseFlags(this.#flags);
  }

  /** The same with their long names. */
  get responseFlagsLong(): string | undefined {
    return formatResponseFlagsLong(this.#flags);
  }

  get statusCategory(): StatusCategoryName {
    return this.#category;
  }

  /** A few words on the category, for the log. */
  get statusCategoryReason(): string | undefined {
    return this.#categoryReason;
  }

  /** The first failure is kept, whatever comes after it. */
  setStatusCategory(category: StatusCategoryName, reason?: string): void {
    if (isFailure(this.#category)) return;
    this.#category = category;
    this.#categoryReason = reason;
  }

  /** Whether the client has gone or the gateway has given the request up: no more work is of use. */
  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** Aborts when the request is cancelled, or an asynchronous filter's time is up. For `fetch` and the like. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#isCancelled) this.#abort.abort();
    return this.#abort.signal;
  }

  /** @internal */
  cancel(): void {
    if (this.#isCancelled) return;
    this.#isCancelled = true;
    this.#abort?.abort();
  }

  /** @internal Ends what one filter has under way; the next one gets a signal of its own. */
  abortCurrent(reason: unknown): void {
    this.#abort?.abort(reason);
    this.#abort = undefined;
  }
}

function summarised({ filter, status, durationMs }: FilterExecution): string {
  return `${filter}[${status}]${durationMs === undefined ? '' : `[${Math.trunc(durationMs)}ms]`}`;
}

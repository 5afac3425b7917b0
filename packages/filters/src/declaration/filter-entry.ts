import { requireBoolean } from '../chain/require-boolean.ts';
import { FilterConcurrency } from '../chain/filter-concurrency.ts';
import type { FilterConstraint } from './filter-constraint.ts';
import type { ChainFilter, FilterKind, FilterOptions } from './filter.ts';
import type { HttpMessage } from '../message/http-message.ts';
import type { SessionContext } from '../message/session-context.ts';

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_CONCURRENCY = 4_000;

/** A filter of a set with what its decorator says, ready to run. */
export class FilterEntry<out F> {
  readonly filter: F;
  readonly name: string;
  readonly kind: FilterKind;
  /** Its place in the set. */
  readonly index: number;
  readonly timeoutMs: number;
  readonly isFailOpen: boolean;
  readonly alwaysRun: boolean;
  readonly isEnabledByDefault: boolean;
  readonly isRequired: boolean;
  readonly keepsBody: boolean;
  /** Undefined: the limit of the gateway. */
  readonly maxBodyBytes: number | undefined;
  readonly concurrency: FilterConcurrency;
  // Which optional methods the filter has. Kept here, as a call that looks into filters of many classes is slow.
  readonly hasShouldFilter: boolean;
  readonly hasNeedsBodyBuffered: boolean;
  /** One of those that change the body. */
  readonly hasBodyHook: boolean;
  readonly #constraints: readonly FilterConstraint[];
  /** The operator's switch, which routes can't turn on again. */
  isSwitchedOff = false;

  constructor(
    filter: F,
    name: string,
    index: number,
    options: FilterOptions,
    constraints: readonly FilterConstraint[] = [],
  ) {
    this.filter = filter;
    this.name = name;
    this.kind = options.type;
    this.index = index;
    this.timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.isFailOpen = (options.onFailure ?? (options.type === 'outbound' ? 'open' : 'closed')) === 'open';
    this.alwaysRun = options.alwaysRun ?? false;
    this.isEnabledByDefault = options.enabledByDefault ?? true;
    this.isRequired = options.required ?? false;
    this.keepsBody = options.keepsBody ?? false;
    this.maxBodyBytes = options.maxBodyBytes;
    this.concurrency = new FilterConcurrency(options.maxConcurrency ?? DEFAULT_MAX_CONCURRENCY);
    const { shouldFilter, needsBodyBuffered, processContentChunk, transformBody } = filter as Partial<
      ChainFilter<never>
    >;
    this.hasShouldFilter = shouldFilter !== undefined;
    this.hasNeedsBodyBuffered = needsBodyBuffered !== undefined;
    this.hasBodyHook = processContentChunk !== undefined || transformBody !== undefined;
    this.#constraints = constraints;
  }

  /** Whether it is turned on for a request: by the operator, the request's route, and its decorator. */
  isEnabled({ filterOverrides }: SessionContext): boolean {
    if (this.isSwitchedOff) return false;
    if (filterOverrides === undefined) return this.isEnabledByDefault;
    return filterOverrides.get(this.name) ?? this.isEnabledByDefault;
  }

  isConstrained(message: HttpMessage, context: SessionContext): boolean {
    if (this.#constraints.length === 0) return false;
    return this.#constraints.some((constraint) =>
      requireBoolean(constraint.isConstrained(message, context), 'isConstrained', this.name),
    );
  }
}

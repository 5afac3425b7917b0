import type { AdminActions } from '../seam/admin-actions.ts';
import type { AdminSource, Awaitable } from '../seam/admin-source.ts';
import type { AdminQuery } from './admin-query.ts';
import type { AdminReply } from './admin-reply.ts';

/** A request that was found to be for a route. */
export interface AdminRequest {
  readonly source: AdminSource;
  readonly actions: AdminActions;
  readonly query: AdminQuery;
  /** What stands in the path in the place of `{name}`; empty without one. */
  readonly name: string;
  /** The Accept field; undefined without one. */
  readonly accept: string | undefined;
}

/** One thing that can be asked, or changed. */
export interface AdminRoute {
  /** GET reads; POST changes, and takes a token. */
  readonly method: 'GET' | 'POST';
  /** With at most one `{name}`, for a segment. */
  readonly path: string;
  /** The line of the index. */
  readonly summary: string;
  /** Names of the parameters that it takes. Default: none. */
  readonly parameters?: readonly string[];
  answer(request: AdminRequest): Awaitable<AdminReply>;
}

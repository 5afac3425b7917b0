import { FieldNameSet } from '@sluice/codec-http';
import { FOR, HOST, PROTO } from './forwarding-lines.ts';
import { DEADLINE_FIELD } from './request-deadline.ts';

/**
 * Fields of a request that the ProxyEndpoint alone writes: what a filter or a route sets in them does not get to the
 * origin, so they are refused where they are declared. Aliases with `_` or `.` are the same names.
 */
export const PROXY_OWNED_FIELDS: FieldNameSet = new FieldNameSet(
  [FOR, PROTO, HOST, DEADLINE_FIELD].map((name) => name.toLowerCase()),
);

import { utf8ToLatin1 } from '@sluice/codec-http';
import type { HttpRequestMessage, HttpResponseMessage, SessionContext } from '@sluice/filters';
import { clientAddress } from '@sluice/handler-connection';
import type { Variable, Variables } from '../shared/template.ts';

type OfContext = readonly [name: string, variable: Variable<{ readonly context: SessionContext }>];

const CONTEXT_VARIABLES: readonly OfContext[] = [
  ['CLIENT_IP', ({ context }) => clientAddress(context.channel)],
  ['REQUEST_ID', ({ context }) => context.requestId],
  ['ROUTE', ({ context }) => declared(context.routeName)],
  ['ORIGIN', ({ context }) => declared(context.origin)],
];

/** What a value of a request's field may contain. */
export const REQUEST_VARIABLES: Variables<HttpRequestMessage> = new Map<string, Variable<HttpRequestMessage>>(
  [
    ...CONTEXT_VARIABLES,
    ['HOST', ({ host }) => host],
    ['METHOD', ({ method }) => method],
    ['PATH', ({ path }) => path],
  ],
);

/** What a value of a response's field may contain. */
export const RESPONSE_VARIABLES: Variables<HttpResponseMessage> = new Map<
  string,
  Variable<HttpResponseMessage>
>([
  ...CONTEXT_VARIABLES,
  ['STATUS', ({ status }) => String(status)],
  ['UPSTREAM_HOST', ({ context }) => context.upstreamHost],
]);

/** A name may have any characters, a field takes octets. */
function declared(name: string | undefined): string | undefined {
  return name === undefined ? undefined : utf8ToLatin1(name);
}

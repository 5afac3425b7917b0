import { Buffer } from 'node:buffer';
import { HttpHeaders, HttpRequest, utf8ToLatin1 } from '@sluice/codec-http';
import { nameSchema, PROXY_OWNED_FIELDS } from '@sluice/origin';
import { z } from 'zod';
import { parametersOf } from '../action/path-rewrite.ts';
import type { PathMatcher } from '../match/path-matcher.ts';
import { pathMatcherOf, pathSchema, readFieldSchema } from './match-schema.ts';
import type { pathMatchSchema } from './match-schema.ts';
import { closed, exactlyOne, expected, list, noteError } from './problem.ts';

const MAX_PORT = 65_535;
const MAX_WEIGHT = 1_000_000;
const MAX_BODY_BYTES = 64 * 1024;
/** Responses that never have a body (RFC 9110 §15.3.5, §15.3.6, §15.4.5). */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

export const originNameSchema = nameSchema.describe('The name of an origin.');

const fieldsSchema = z
  .record(z.string(), z.string())
  .readonly()
  .superRefine((fields, context) => {
    for (const [name, value] of Object.entries(fields)) {
      noteError(context, [name], () => new HttpHeaders().add(name, utf8ToLatin1(value)));
    }
  });

export const headerMutationSchema = closed(
  {
    remove: list(z.string())
      .superRefine((names, context) => {
        for (const [at, name] of names.entries()) {
          noteError(context, [at], () => new HttpHeaders().delete(name));
        }
      })
      .optional()
      .describe('Names of fields to take away, first of all.'),
    set: fieldsSchema.optional().describe('Fields to put in the place of those of the same name.'),
    add: fieldsSchema.optional().describe('Fields to put beside those of the same name, last.'),
  },
  'Changes to header fields. Framing and connection fields are the codec’s and refused.',
);

export const requestHeaderMutationSchema = headerMutationSchema.superRefine(
  ({ remove = [], set = {}, add = {} }, context) => {
    for (const [at, name] of remove.entries()) noteOwned(context, ['remove', at], name);
    for (const name of Object.keys(set)) noteOwned(context, ['set', name], name);
    for (const name of Object.keys(add)) noteOwned(context, ['add', name], name);
  },
);

export const weightedOriginSchema = closed(
  {
    origin: originNameSchema,
    weight: z.int().min(0).max(MAX_WEIGHT).describe('Its share of the sum of all weights.'),
  },
  'An origin with its share of the requests.',
);

export const stickySchema = closed(
  {
    header: readFieldSchema.optional().describe('The value of a header field.'),
    cookie: z.string().min(1).optional().describe('The value of a cookie.'),
    source: z.literal(true).optional().describe('The address of the client.'),
  },
  'What keeps a client with one of the weighted origins; without it in a request, chance decides.',
).superRefine((sticky, context) => exactlyOne(sticky, ['header', 'cookie', 'source'], context));

const newPathShape = {
  prefix: pathSchema.optional().describe('In the place of the exact path or prefix that matched.'),
  path: pathSchema.optional().describe('The whole new path; {name} is a parameter of the template.'),
};

export const rewriteSchema = closed(
  {
    ...newPathShape,
    host: z
      .string()
      .superRefine((host, context) => noteError(context, [], () => requireAuthority(host)))
      .optional()
      .describe('The host, with a port if need be, that the origin gets.'),
  },
  'What the origin gets in place of what the client asked for. The query stays.',
).superRefine(({ prefix, path }, context) => {
  if (prefix !== undefined && path !== undefined) expected(context, [], 'prefix or path, not both');
});

export const redirectSchema = closed(
  {
    scheme: z.enum(['http', 'https']).optional(),
    host: z
      .string()
      .superRefine((host, context) => noteError(context, [], () => requireHost(host)))
      .optional()
      .describe('Without a port.'),
    port: z.int().min(1).max(MAX_PORT).optional(),
    ...newPathShape,
    stripQuery: z.boolean().optional().describe('Whether the query is left out. Default: false.'),
    status: z.literal([301, 302, 303, 307, 308]).optional().describe('Default: 301.'),
  },
  'Sends the client on to another URL; what is not said stays.',
).superRefine((redirect, context) => {
  const { scheme, host, port, prefix, path } = redirect;
  if (prefix !== undefined && path !== undefined) expected(context, [], 'prefix or path, not both');
  if ([scheme, host, port, prefix, path].every((part) => part === undefined)) {
    expected(
      context,
      [],
      'at least one of scheme, host, port, prefix, path, or it would lead back to itself',
    );
  }
});

export const directResponseSchema = closed(
  {
    status: z.int().min(200).max(599),
    body: z
      .string()
      .refine((body) => Buffer.byteLength(body) <= MAX_BODY_BYTES, `expected at most ${MAX_BODY_BYTES} bytes`)
      .optional()
      .describe('Sent as UTF-8. Default: empty.'),
    headers: fieldsSchema.optional().describe('Default: text/plain as Content-Type of a body.'),
  },
  'Answers without an origin.',
).superRefine(({ status, body = '' }, context) => {
  if (body !== '' && BODILESS.has(status)) expected(context, ['body'], `no body with a status of ${status}`);
});

/** Notes a field that would not get to the origin as it is declared. */
function noteOwned(context: Parameters<typeof expected>[0], path: PropertyKey[], name: string): void {
  if (PROXY_OWNED_FIELDS.has(name))
    expected(context, path, `another field: the proxy writes ${name} by itself`);
}

/** Notes what a new path wants of the path that a route matches and that one does not give. */
export function checkNewPath(
  { prefix, path: newPath }: z.output<z.ZodObject<typeof newPathShape>>,
  path: z.output<typeof pathMatchSchema> | undefined,
  ownPrefix: string | undefined,
  context: Parameters<typeof expected>[0],
  place: string,
): void {
  const matcher = matcherOrNothing(path, ownPrefix);
  if (matcher === undefined) return;
  if (prefix !== undefined && (matcher.kind === 'template' || matcher.kind === 'regex')) {
    expected(context, [place, 'prefix'], 'a route with an exact path or a prefix');
  }
  const known = matcher.template?.names ?? [];
  for (const name of parametersOf(newPath ?? '')) {
    if (known.includes(name)) continue;
    const there = known.length === 0 ? 'has none' : `has ${known.join(', ')}`;
    expected(context, [place, 'path'], `parameters of the route's template, which ${there}`);
  }
}

/** What is wrong with the path itself has been noted where it stands. */
function matcherOrNothing(...declared: Parameters<typeof pathMatcherOf>): PathMatcher | undefined {
  try {
    return pathMatcherOf(...declared);
  } catch {
    return undefined;
  }
}

function requireAuthority(authority: string): HttpRequest {
  if (authority === '') throw new TypeError('expected a host');
  return new HttpRequest({ method: 'GET', target: '/', authority });
}

function requireHost(host: string): void {
  const { port } = requireAuthority(host);
  if (port !== undefined || host.endsWith(':')) throw new TypeError('expected a host without a port');
}

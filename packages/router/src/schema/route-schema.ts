import { z } from 'zod';
import { nameSchema, upstreamPolicySchema } from '@sluice/origin';
import { parseDomain } from '../match/domain.ts';
import {
  checkNewPath,
  directResponseSchema,
  headerMutationSchema,
  originNameSchema,
  redirectSchema,
  requestHeaderMutationSchema,
  rewriteSchema,
  stickySchema,
  weightedOriginSchema,
} from './action-schema.ts';
import { headerMatchSchema, pathMatchSchema, pathSchema, queryMatchSchema } from './match-schema.ts';
import { closed, exactlyOne, expected, list } from './problem.ts';

/** What a virtual host says for all its routes, and a route for itself; the route has the last word. */
const policyShape = {
  requestHeaders: requestHeaderMutationSchema
    .optional()
    .describe(
      'Changes to what the origin gets. X-Forwarded-For, -Proto and -Host are the proxy’s own and refused.',
    ),
  responseHeaders: headerMutationSchema.optional().describe('Changes to what the client gets.'),
  upstream: upstreamPolicySchema
    .optional()
    .describe('How requests are sent to the origin; in the place of the origin’s own options.'),
  filters: z
    .record(z.string(), z.boolean())
    .readonly()
    .optional()
    .describe('Filters by name: whether they run for these requests.'),
};

const ACTIONS = ['origin', 'origins', 'redirect', 'response'] as const;
const UPGRADE = /^[!#$%&'*+.^_`|~a-z\d/-]+$/;

export const routeSchema = closed(
  {
    name: nameSchema.optional().describe('In logs and metrics. Default: its virtual host and place.'),
    prefix: pathSchema.optional().describe('Short for path: { prefix }. Default: /, which is any path.'),
    path: pathMatchSchema.optional(),
    methods: list(z.string().regex(/^[A-Z][A-Z\d-]*$/, 'expected a method in upper case'))
      .optional()
      .describe('One of these. Default: any.'),
    headers: list(headerMatchSchema).optional().describe('All of these.'),
    query: list(queryMatchSchema).optional().describe('All of these.'),
    origin: originNameSchema.optional(),
    origins: list(weightedOriginSchema).optional().describe('Several origins, by weight.'),
    sticky: stickySchema.optional(),
    redirect: redirectSchema.optional(),
    response: directResponseSchema.optional(),
    rewrite: rewriteSchema.optional(),
    upgrades: list(z.string().regex(UPGRADE, 'expected a protocol in lower case'))
      .optional()
      .describe('Protocols that a client may switch to. Default: websocket.'),
    connect: z
      .boolean()
      .optional()
      .describe('Whether CONNECT may take this route, to a server of its origin. Default: false.'),
    ...policyShape,
  },
  'Which requests, and what becomes of them: exactly one of origin, origins, redirect, response.',
).superRefine((route, context) => {
  const { prefix, path, methods, origins, sticky, rewrite, redirect } = route;
  exactlyOne(route, ACTIONS, context);
  if (prefix !== undefined && path !== undefined) expected(context, [], 'prefix or path, not both');
  if (methods?.length === 0) expected(context, ['methods'], 'at least one method');
  if (origins?.every(({ weight }) => weight === 0) === true) {
    expected(context, ['origins'], 'at least one origin with a weight above 0');
  }
  if (sticky !== undefined && origins === undefined) expected(context, ['sticky'], 'a route with origins');
  const isProxied = route.origin !== undefined || origins !== undefined;
  if (rewrite !== undefined && !isProxied) expected(context, ['rewrite'], 'a route with an origin');
  if (route.connect === true && !isProxied) expected(context, ['connect'], 'a route with an origin');
  if (rewrite !== undefined) checkNewPath(rewrite, path, prefix, context, 'rewrite');
  if (redirect !== undefined) checkNewPath(redirect, path, prefix, context, 'redirect');
});

export const virtualHostSchema = closed(
  {
    name: nameSchema.optional().describe('In the names of its routes. Default: its first domain.'),
    domains: list(
      z
        .string()
        .refine(
          (domain) => parseDomain(domain) !== undefined,
          'expected a host, *.host, host.* or *, with a port or without',
        ),
    ).describe('The hosts that it serves: exact before *.example.com before api.* before *.'),
    routes: list(routeSchema).describe('The first one that matches is taken.'),
    ...policyShape,
  },
  'The routes of some hosts.',
).superRefine(({ domains }, context) => {
  if (domains.length === 0) expected(context, ['domains'], 'at least one domain');
});

export const routerSchema = closed(
  {
    routes: list(routeSchema).optional().describe('Of every host that no virtual host names.'),
    virtualHosts: list(virtualHostSchema).optional(),
    ambiguousPaths: z
      .enum(['refuse', 'normalize', 'keep'])
      .optional()
      .describe('What to do with paths that servers read in different ways. Default: refuse.'),
  },
  'Which origin or answer a request gets.',
);

export type RouteDeclaration = z.input<typeof routeSchema>;
export type VirtualHostDeclaration = z.input<typeof virtualHostSchema>;
export type RouterDeclaration = z.input<typeof routerSchema>;

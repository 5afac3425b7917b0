import { isIPv6 } from 'node:net';
import { z } from 'zod';
import { optionsClass } from '../shared/options-class.ts';

const HOST = /^(?:[a-z\d](?:[a-z\d.-]*[a-z\d])?|\[[\da-f:.]+\])$/;
const PATH = /^\/[\w\-.~!$&'()*+,;=:@%/]*$/;

const hostSchema = z
  .string()
  .regex(HOST, 'expected a host in lower case, without a port')
  .refine(
    (host) => !host.startsWith('[') || isIPv6(host.slice(1, -1)),
    'expected an IPv6 address in the brackets',
  );
const pathSchema = z.string().regex(PATH, 'expected a path that begins with / and has no query');
const schemeSchema = z.enum(['http', 'https']);

const ruleSchema = z.strictObject({
  match: z
    .strictObject({
      scheme: schemeSchema.optional().describe('Default: either.'),
      host: hostSchema.optional().describe('Also with a trailing dot; IPv6 in any form. Default: any.'),
      pathPrefix: pathSchema.default('/').describe('Whole segments: `/a` is not a prefix of `/ab`.'),
    })
    .prefault({})
    .describe('Which requests are redirected: `scheme`, `host`, `pathPrefix`.'),
  to: z
    .strictObject({
      scheme: schemeSchema.optional(),
      host: hostSchema.optional(),
      port: z.int().min(1).max(65_535).optional(),
      pathPrefix: pathSchema.optional().describe('In the place of the prefix that matched.'),
    })
    .refine((to) => Object.values(to).some((value) => value !== undefined), 'says nothing; name what changes')
    .describe(
      'What changes: `scheme`, `host`, `port`, `pathPrefix`. A port is kept only with the scheme and host.',
    ),
  status: z
    .literal([301, 302, 303, 307, 308])
    .default(301)
    .describe('307 and 308 keep the method, 303 makes it GET.'),
  keepQuery: z.boolean().default(true).describe('Whether the query is kept.'),
});

export const redirectSchema = z.strictObject({
  rules: z
    .array(ruleSchema)
    .default([])
    .describe('`match`, `to`, `status` (301) and `keepQuery` (true); the first that matches is taken.'),
});

/** Options of {@link RedirectFilter}. */
export class RedirectOptions extends optionsClass('redirect', redirectSchema) {}

export type RedirectRule = RedirectOptions['rules'][number];

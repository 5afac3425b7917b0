import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { settableRequestFieldSchema } from '../shared/field-schemas.ts';
import { optionsClass } from '../shared/options-class.ts';
import { parsePasswordHash } from './password-hash.ts';

const userSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[^:\p{Cc}]+$/u, 'must be the name of a user, without a colon')
    .describe('The name, compared as it is.'),
  hash: z
    .string()
    .refine((hash) => parsePasswordHash(hash) !== undefined, {
      error: 'is not of the form $scrypt$ln=14,r=8,p=5$<salt>$<key>; make one with hashPassword()',
    })
    .describe('What hashPassword() has made of the password.')
    .meta({ secret: true }),
});

export const basicAuthSchema = z.strictObject({
  realm: z
    .string()
    .regex(/^[\u0020\u0021\u0023-\u005b\u005d-\u007e]{1,128}$/, 'must be ASCII text without quotes')
    .default('gateway')
    .describe('What browsers show when they ask for the password.'),
  users: z.array(userSchema).default([]).describe('`name` and `hash` of each.'),
  usersFile: z
    .string()
    .min(1)
    .optional()
    .describe(
      'A file with a line `name:hash` for each user; `#` begins a comment. In a gateway that a file declares it is watched as that file is.',
    ),
  stripAuthorization: z.boolean().default(true).describe('Whether the credentials are kept from the origin.'),
  userField: settableRequestFieldSchema
    .optional()
    .describe(
      "A field that tells the origin the user's name. What clients send in it, or in an alias of it with `_` or `.`, is removed, also where a route turns the filter off.",
    ),
  maxCachedCredentials: z
    .int()
    .min(0)
    .max(100_000)
    .default(1_000)
    .describe('Verified credentials that are remembered, as keyed digests.'),
  cacheTtlMs: z.int().min(0).default(300_000).describe('For how long, in ms.'),
  maxConcurrentVerifications: z
    .int()
    .min(1)
    .max(64)
    .default(2)
    .describe('Hashes that are computed at a time, on the threads that DNS and files use as well.'),
  maxPendingVerifications: z
    .int()
    .min(0)
    .max(10_000)
    .default(64)
    .describe('Requests that wait for their turn. Above: 503.'),
});

/** Options of {@link BasicAuthFilter}. */
export class BasicAuthOptions extends optionsClass('basic-auth', basicAuthSchema) {
  /**
   * What `usersFile` held when these options were made: others that are made of the same when it has changed are not
   * the same. Undefined: there is none, or it can't be read, which the filter says.
   */
  readonly usersText: string | undefined;

  constructor(input: z.input<typeof basicAuthSchema> = {}) {
    super(input instanceof BasicAuthOptions ? asGiven(input) : input);
    this.usersText = input instanceof BasicAuthOptions ? input.usersText : textOf(this.usersFile);
  }
}

function asGiven({ usersText: _text, ...input }: BasicAuthOptions): z.input<typeof basicAuthSchema> {
  return input;
}

function textOf(path: string | undefined): string | undefined {
  try {
    return path === undefined ? undefined : readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

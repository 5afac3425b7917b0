import { isReadableField } from '@sluice/codec-http';
import { z } from 'zod';
import { PathMatcher } from '../match/path-matcher.ts';
import type { PathKind } from '../match/path-matcher.ts';
import { compileRegex } from '../match/regex.ts';
import { closed, exactlyOne, expected, noteError } from './problem.ts';

const PATH_KINDS = ['exact', 'prefix', 'segmentPrefix', 'template', 'regex'] as const satisfies PathKind[];
const VALUE_KINDS = ['exact', 'prefix', 'suffix', 'contains', 'regex', 'range', 'present'] as const;

// What can stand in a request line before the query: VCHAR without `#`, `?` and `\`.
const PATH = /^\/[!-"$->@-[\]-~]*$/;

/** A path as it is compared and sent: no query, nothing that a request line can't carry. */
export const pathSchema = z.string().regex(PATH, 'expected a path that begins with "/", without a query');

// Of a path, hex digits are compared in upper case: such an expression would not match.
const LOWER_HEX = /%[\dA-F]?[a-f]/;

const ignoreCase = z.boolean().optional().describe('Whether upper and lower case are one. Default: false.');
const regex = z.string().describe('A regular expression in RE2 syntax for the whole text.');

export const pathMatchSchema = closed(
  {
    exact: pathSchema.optional().describe('The whole path.'),
    prefix: pathSchema.optional().describe('What the path begins with, letter by letter.'),
    segmentPrefix: pathSchema.optional().describe('/api takes /api and /api/x, not /apix.'),
    template: pathSchema.optional().describe('A path with {name} for a segment and {name=**} for the rest.'),
    regex: regex.optional(),
    ignoreCase,
  },
  'What the path must be, without its query; exactly one of exact, prefix, segmentPrefix, template, regex.',
).superRefine((match, context) => {
  exactlyOne(match, PATH_KINDS, context);
  const { segmentPrefix, template, regex } = match;
  if (segmentPrefix !== undefined && segmentPrefix !== '/' && segmentPrefix.endsWith('/')) {
    expected(context, ['segmentPrefix'], 'no slash at its end');
  }
  if (template !== undefined) noteError(context, ['template'], () => new PathMatcher('template', template));
  if (regex === undefined) return;
  noteError(context, ['regex'], () => compileRegex(regex, match.ignoreCase));
  if (match.ignoreCase !== true && LOWER_HEX.test(regex)) {
    expected(context, ['regex'], 'hex digits behind % in upper case');
  }
});

/** The matcher of a declared path; `prefix` is its short form. Neither: any path. */
export function pathMatcherOf(path: z.output<typeof pathMatchSchema> | undefined, prefix = '/'): PathMatcher {
  const kind = PATH_KINDS.find((kind) => path?.[kind] !== undefined);
  return new PathMatcher(kind ?? 'prefix', (kind && path?.[kind]) ?? prefix, path?.ignoreCase);
}

const rangeSchema = closed(
  { from: z.int().describe('The least that matches.'), to: z.int().describe('The first that does not.') },
  'A range of whole numbers.',
).superRefine(({ from, to }, context) => {
  if (to <= from) expected(context, ['to'], `more than ${from}`);
});

const valueShape = {
  exact: z.string().optional(),
  prefix: z.string().min(1).optional(),
  suffix: z.string().min(1).optional(),
  contains: z.string().min(1).optional(),
  regex: regex.optional(),
  range: rangeSchema.optional(),
  present: z.boolean().optional().describe('false: absent. The default when nothing else is said: true.'),
  ignoreCase,
  invert: z.boolean().optional().describe('Whether what would match does not, and all else does.'),
};

/** The name of a field of requests that can be looked at. */
export const readFieldSchema = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~\w-]+$/, 'expected the name of a field')
  .refine(isReadableField, 'expected a field that the codec does not keep to itself');

export const headerMatchSchema = closed(
  {
    name: readFieldSchema.describe(
      'Of a header field, in any case; several fields of the name are joined with commas.',
    ),
    ...valueShape,
  },
  'What a header field must be; at most one of exact, prefix, suffix, contains, regex, range, present.',
).superRefine(checkValue);

export const queryMatchSchema = closed(
  { name: z.string().min(1).describe('Of a query parameter, decoded; the first one counts.'), ...valueShape },
  'What a query parameter must be, decoded; at most one of exact, prefix, suffix, contains, regex, range, present.',
).superRefine(checkValue);

function checkValue(
  match: z.output<z.ZodObject<typeof valueShape>>,
  context: Parameters<typeof expected>[0],
): void {
  if (VALUE_KINDS.some((kind) => match[kind] !== undefined)) exactlyOne(match, VALUE_KINDS, context);
  const { regex } = match;
  if (regex !== undefined) noteError(context, ['regex'], () => compileRegex(regex, match.ignoreCase));
}

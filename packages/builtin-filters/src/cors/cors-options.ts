import { z } from 'zod';
import { fieldNameSchema, tokenSchema } from '../shared/field-schemas.ts';
import { optionsClass } from '../shared/options-class.ts';
import { isOriginPattern } from './origin-matcher.ts';

const originSchema = z.string().refine(isOriginPattern, {
  error: ({ input }) =>
    `expected *, or an origin such as https://a.example or https://*.a.example in lower case and without a default port, found ${JSON.stringify(input)}`,
});

export const corsSchema = z
  .strictObject({
    allowedOrigins: z
      .array(originSchema)
      .default([])
      .describe('Whose scripts may read responses: origins, `https://*.a.example` for subdomains, or `*`.'),
    allowedMethods: z
      .array(tokenSchema)
      .default(['GET', 'HEAD', 'POST'])
      .describe('What a preflight allows; `*`: any.'),
    allowedFields: z
      .array(fieldNameSchema)
      .default([])
      .describe('Fields of requests that a preflight allows; `*`: any but Authorization.'),
    exposedFields: z
      .array(fieldNameSchema)
      .default([])
      .describe(
        'Fields of responses that scripts may read, beside those that they always may; `*`: any but cookies.',
      ),
    allowCredentials: z
      .boolean()
      .default(false)
      .describe('Whether cookies and the like may be sent. Not with the origin `*`.'),
    allowPrivateNetwork: z
      .boolean()
      .default(false)
      .describe('Whether public sites may reach this gateway in a private network.'),
    maxAgeSeconds: z
      .int()
      .min(0)
      .max(86_400)
      .default(600)
      .describe('How long a browser may keep the answer to a preflight.'),
  })
  .refine(({ allowCredentials, allowedOrigins }) => !allowCredentials || !allowedOrigins.includes('*'), {
    path: ['allowCredentials'],
    error: 'would let every site act for the user while allowedOrigins has "*"; list the origins',
  });

/** Options of {@link CorsFilter} and {@link CorsResponseFilter}. */
export class CorsOptions extends optionsClass('cors', corsSchema) {}

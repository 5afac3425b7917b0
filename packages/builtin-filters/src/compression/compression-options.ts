import { z } from 'zod';
import { optionsClass } from '../shared/options-class.ts';

const COMPRESSIBLE = [
  'text/*',
  'application/json',
  'application/javascript',
  'application/xml',
  'application/wasm',
  'application/*+json',
  'application/*+xml',
  'image/svg+xml',
];

const TYPE_PATTERN = /^[a-z\d.+-]+\/(?:\*|(?:\*\+)?[a-z\d.+-]+)$/;

export const compressionSchema = z.strictObject({
  codings: z
    .array(z.enum(['br', 'gzip']))
    .default(['br', 'gzip'])
    .describe('What may be used, the first where a client likes both alike.'),
  types: z
    .array(z.string().regex(TYPE_PATTERN, 'expected a media type, `type/*` or `type/*+suffix` in lower case'))
    .default(COMPRESSIBLE)
    .describe('Media types of responses that are compressed.'),
  minBytes: z
    .int()
    .min(0)
    .default(256)
    .describe('Smaller bodies, whose length is known, are sent as they are.'),
  maxWholeBytes: z
    .int()
    .min(0)
    .max(16 * 1024 * 1024)
    .default(64 * 1024)
    .describe('Bodies of a known length up to this are compressed as a whole; others while they stream.'),
  gzipLevel: z.int().min(1).max(9).default(5).describe('From fast to small.'),
  brotliQuality: z.int().min(0).max(11).default(4).describe('From fast to small; above 6 it is slow.'),
  removeAcceptEncoding: z
    .boolean()
    .default(false)
    .describe('Whether the origin is kept from compressing by itself.'),
});

/** Options of the compression filters. */
export class CompressionOptions extends optionsClass('compression', compressionSchema) {}

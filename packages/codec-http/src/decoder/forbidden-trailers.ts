import { FORWARDING_FIELD_NAMES } from '../message/forwarding-field-names.ts';

/** Framing and routing (RFC 9110 §6.5.1). */
const FRAMING: ReadonlySet<string> = new Set(['content-length', 'host', 'transfer-encoding']);

/** Fields that must be known before the body: these are dropped from a trailer section. */
const DROPPED: ReadonlySet<string> = new Set([
  'age',
  'authorization',
  'cache-control',
  'connection',
  'content-encoding',
  'content-range',
  'content-type',
  'cookie',
  'date',
  'expect',
  'expires',
  'http2-settings',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'keep-alive',
  'location',
  'max-forwards',
  'pragma',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'range',
  'retry-after',
  'set-cookie',
  'te',
  'trailer',
  'upgrade',
  'vary',
  'via',
  'warning',
  'www-authenticate',
  ...FORWARDING_FIELD_NAMES,
]);

/** Whether a trailer field of this lower-case name is an attempt to change framing or routing. */
export function isFramingTrailer(name: string): boolean {
  return FRAMING.has(name) || FRAMING.has(name.replaceAll('_', '-'));
}

/**
 * Whether a trailer field of this lower-case name is dropped. A `_` or `.` counts as a `-`, as in a
 * {@link FieldNameSet}: some origins take them for the same.
 */
export function isDroppedTrailer(name: string): boolean {
  const plain = name.replaceAll(/[_.]/g, '-');
  return DROPPED.has(plain) || plain.startsWith('x-forwarded-');
}

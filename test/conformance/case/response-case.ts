import type { Check, Checked } from './schema.ts';
import { bytes, count, either, flag, listOf, oneOf, recordOf, shape } from './schema.ts';

const categories = [
  'body-errors',
  'field-syntax',
  'framing',
  'hop-by-hop',
  'interim-1xx',
  'slow',
  'status-line',
  'surplus-and-queue',
  'valid',
] as const;

const clientFacts = shape(
  { status: count, complete: flag },
  {
    body: bytes,
    version: bytes,
    interim: listOf(count),
    headers_present: listOf(bytes),
    headers_absent: listOf(bytes),
    header_count: recordOf(count),
    head_absent: listOf(bytes),
    trailers_absent: listOf(bytes),
    bytes_absent: listOf(bytes),
    tunnel: oneOf(false),
    tunnel_bytes: bytes,
  },
);

const responseCase = shape(
  {
    id: bytes,
    category: oneOf(...categories),
    rfc: bytes,
    request_method: bytes,
    raw_response: bytes,
    upstream_end: oneOf('none', 'fin', 'rst'),
    expect: oneOf('pass', '502', 'either'),
    level: oneOf('MUST', 'SHOULD', 'MAY', 'grammar', 'policy'),
    upstream_reuse: either(flag, oneOf('any')),
    why: bytes,
  },
  {
    prefer: oneOf('pass', '502'),
    alt: oneOf('502', 'abort'),
    expect_status: listOf(count),
    on_pass: oneOf('relay', 'abort', 'tunnel'),
    client_sees: clientFacts,
    request: bytes,
    chunks: listOf(bytes),
    chunk_delay_ms: count,
    sent_while: oneOf('idle'),
    notes: bytes,
  },
);

/** Facts about a response as the client must have received it. */
export type ClientFacts = Checked<typeof clientFacts>;

/** Bytes that an origin sends, and what the proxy may make of them. */
export type ResponseCase = Checked<typeof responseCase>;

/** Reads a response case and the rules that its type does not show. */
export const checkResponseCase: Check<ResponseCase> = (value, path) => {
  const read = responseCase(value, path);
  if ((read.expect === 'either') !== (read.prefer !== undefined)) {
    throw new TypeError(`${path} (${read.id}): prefer belongs to expect "either", and only there`);
  }
  if (read.expect !== '502' && (!read.on_pass || !read.client_sees)) {
    throw new TypeError(`${path} (${read.id}): a case that may pass says what the client then sees`);
  }
  if (read.chunks && read.chunks.join('') !== read.raw_response) {
    throw new TypeError(`${path} (${read.id}): chunks do not add up to raw_response`);
  }
  return read;
};

import type { Check, Checked } from './schema.ts';
import { bytes, count, listOf, oneOf, shape } from './schema.ts';

const categories = [
  'baseline',
  'chunked',
  'connect-trace',
  'content-length',
  'field-syntax',
  'forwarded-spoofing',
  'hop-by-hop',
  'host',
  'js-hazards',
  'limits',
  'line-endings',
  'pipelining',
  'preamble',
  'request-line',
  'request-target',
  'segmentation',
  'trailers',
  'transfer-encoding',
  'upgrade-expect',
] as const;

const forwardFacts = shape(
  {},
  {
    method: bytes,
    target: bytes,
    host: bytes,
    version: bytes,
    body: bytes,
    framing: oneOf('none', 'any'),
    headers_present: listOf(bytes),
    headers_absent: listOf(bytes),
    header_values_absent: listOf(bytes),
    trailers_absent: listOf(bytes),
    bytes_absent: listOf(bytes),
    complete: oneOf(false),
  },
);

const requestCase = shape(
  {
    id: bytes,
    category: oneOf(...categories),
    rfc: bytes,
    raw: bytes,
    expect: oneOf('accept', 'reject', 'either'),
    level: oneOf('MUST', 'SHOULD', 'MAY', 'grammar', 'policy'),
    forward_count: count,
    connection_after: oneOf('close', 'keep-alive', 'any'),
    why: bytes,
  },
  {
    prefer: oneOf('accept', 'reject'),
    safe_alt: oneOf('reject'),
    expect_status: listOf(count),
    stage: oneOf('head', 'body', 'trailer'),
    forward: forwardFacts,
    messages: listOf(
      shape({ expect: oneOf('accept', 'reject') }, { forward: forwardFacts, expect_status: listOf(count) }),
    ),
    chunks: listOf(bytes),
    fin: oneOf(true),
    silent_close_ok: oneOf(true),
    upstream_behavior: oneOf('101-websocket', '200'),
    notes: bytes,
  },
);

/** Facts about a request as the origin must have received it. */
export type ForwardFacts = Checked<typeof forwardFacts>;

/** Bytes that a client sends, and what the proxy may do with them. */
export type RequestCase = Checked<typeof requestCase>;

/** Reads a request case and the rules that its type does not show. */
export const checkRequestCase: Check<RequestCase> = (value, path) => {
  const read = requestCase(value, path);
  if ((read.expect === 'either') !== (read.prefer !== undefined)) {
    throw new TypeError(`${path} (${read.id}): prefer belongs to expect "either", and only there`);
  }
  if (read.chunks && read.chunks.join('') !== read.raw) {
    throw new TypeError(`${path} (${read.id}): chunks do not add up to raw`);
  }
  return read;
};

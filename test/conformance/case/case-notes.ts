/** What a case says only in prose, or what its RFC settles against its own facts. */
export interface RequestNote {
  /** Statuses with which the proxy may answer by itself in place of forwarding. */
  readonly localAnswer?: readonly number[];
  /** Complete requests that the origin may see beyond `forward_count`, each answered by a 200. */
  readonly extraRequests?: number;
  /** No byte may follow the first request upstream before that request is answered. */
  readonly noEarlyBytes?: true;
  /** Values of one field that the origin must see in this order, on separate lines or in one. */
  readonly inOrder?: { readonly field: string; readonly values: readonly string[] };
  /** Facts of the case that the RFC does not bear out. */
  readonly disregard?: readonly string[];
}

/** The same, for a response case. */
export interface ResponseNote {
  /** Fields that the client must not see, as `name` or `name: value`. */
  readonly headersAbsent?: readonly string[];
  /** Facts of the case that the RFC does not bear out. */
  readonly disregard?: readonly string[];
}

/** Notes by the id of a request case. */
export const requestNotes: ReadonlyMap<string, RequestNote> = new Map<string, RequestNote>([
  // RFC 9110 §9.3.7: "*" asks about the server as a whole, so the proxy may answer.
  ['base-014-options-star', { localAnswer: [200, 204] }],
  ['base-023-cookie-twice', { inOrder: { field: 'cookie', values: ['a=1', 'b=2'] } }],
  ['js-014-proto-host', { localAnswer: [404, 421] }],
  ['js-015-constructor-host', { localAnswer: [404, 421] }],
  ['ue-010-early-data-200', { extraRequests: 1, noEarlyBytes: true }],
  // The client of this run is on the loopback address, which a gateway rightly writes into the field.
  ['trl-011-forbidden', { disregard: ['x-forwarded-for: 127.0.0.1'] }],
]);

/** Notes by the id of a response case. */
export const responseNotes: ReadonlyMap<string, ResponseNote> = new Map<string, ResponseNote>([
  ['res-606-connection-all', { headersAbsent: ['connection: set-cookie'] }],
  // RFC 9112 §7.1: the relayed body may be chunked, so the head may say so.
  ['res-723-trailer-transfer-encoding', { disregard: ['transfer-encoding: chunked'] }],
]);

/** Cases whose prose asks for nothing beyond their facts and the rules for every case. */
export const proseOnly: ReadonlySet<string> = new Set([
  'base-004-post-chunked',
  'fwd-015-via-loop',
  'js-017-regex-spaces',
  'pre-017-only-crlf-fin',
  'rt-002-absolute-host-mismatch',
  'rt-040-dotdot',
  'res-103-unknown-199',
  'res-108-1xx-flood',
  'res-309-unsolicited-idle',
  'res-310-408-idle',
  'res-317-crlf-idle',
  'res-431-empty-fin',
  'res-435-post-empty-fin',
  'res-711-chunk-bare-lf',
]);

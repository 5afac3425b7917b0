/**
 * Every reason for which a message is refused: its stable name, the status that answers it when
 * it came in a request, and a sentence for logs. In a response the status is 502 throughout.
 */
export const DECODE_FAILURES = Object.freeze({
  'http1.bad_line_ending': [400, 'A line does not end in CRLF.'],
  'http1.too_many_empty_lines': [400, 'Too many empty lines precede the request line.'],
  'http1.bad_request_line': [400, 'The request line is malformed.'],
  'http1.request_line_too_long': [414, 'The request line is longer than the limit.'],
  'http1.unknown_method': [501, 'The request method is not known.'],
  'http1.method_not_supported': [501, 'CONNECT is not supported.'],
  'http1.connect_with_body': [400, 'A CONNECT request has no content.'],
  'http1.bad_version': [505, 'The protocol version is not HTTP/1.0 or HTTP/1.1.'],
  'http1.bad_target': [400, 'The request target is malformed.'],
  'http1.bad_host': [400, 'The Host field or the authority of the target is malformed.'],
  'http1.missing_host': [400, 'The request has no Host field.'],
  'http1.duplicate_host': [400, 'The request has more than one Host field.'],
  'http1.bad_status_line': [400, 'The status line is malformed.'],
  'http1.bad_field': [400, 'A field line is malformed.'],
  'http1.ambiguous_field_name': [400, 'A field name differs from a framing field by an underscore only.'],
  'http1.head_too_large': [431, 'The head is larger than the limit.'],
  'http1.too_many_fields': [431, 'The head has more fields than the limit.'],
  'http1.bad_content_length': [400, 'The Content-Length is not a canonical number.'],
  'http1.content_length_too_large': [413, 'The Content-Length is above 2^53-1.'],
  'http1.duplicate_content_length': [400, 'The message has more than one Content-Length.'],
  'http1.bad_transfer_encoding': [501, 'The Transfer-Encoding is not chunked alone.'],
  'http1.transfer_encoding_in_http10': [400, 'HTTP/1.0 has no Transfer-Encoding.'],
  'http1.transfer_encoding_not_allowed': [400, 'A response with this status has no Transfer-Encoding.'],
  'http1.conflicting_framing': [400, 'The message has both Content-Length and Transfer-Encoding.'],
  'http1.framing_nominated': [400, 'The Connection field nominates a framing field.'],
  'http1.unknown_expectation': [417, 'The Expect field asks for other than 100-continue.'],
  'http1.upgrade_with_body': [400, 'A request that asks for an upgrade has a body.'],
  'http1.bad_chunk': [400, 'The chunked framing is malformed.'],
  'http1.chunk_overhead_too_large': [400, 'The chunk extensions are larger than the limit.'],
  'http1.trailers_too_large': [400, 'The trailer section is larger than the limit.'],
  'http1.too_many_trailers': [400, 'The trailer section has more fields than the limit.'],
  'http1.forbidden_trailer': [400, 'The trailer section carries a framing or routing field.'],
  'http1.head_timeout': [408, 'The head did not come in time.'],
  'http1.truncated_head': [400, 'The connection ended within the head.'],
  'http1.truncated_body': [400, 'The connection ended within the body.'],
  'http1.unsolicited_response': [400, 'Bytes arrived while no request was outstanding.'],
  'http1.surplus_bytes': [400, 'Bytes arrived behind the end of the response.'],
  'http1.too_many_interim_responses': [400, 'More interim responses than the limit precede the response.'],
  'http1.bad_switching_protocols': [400, 'A 101 response does not match what the request asked for.'],
} as const satisfies Record<`http1.${string}`, readonly [number, string]>);

/** The stable name of a reason for which a message is refused. */
export type HttpDecodeFailure = keyof typeof DECODE_FAILURES;

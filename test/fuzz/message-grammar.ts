import fc from 'fast-check';

/** A body as it is announced and sent. */
export interface WireBody {
  readonly framing: 'none' | 'length' | 'chunked';
  /** Fields that announce it. */
  readonly fields: string;
  readonly wire: string;
  readonly content: string;
}

const TOKEN = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const VALUE = fc.stringMatching(/^([!-~]([ -~]{0,12}[!-~])?)?$/);
const FIELD = fc.tuple(TOKEN, VALUE).map(([name, value]) => `X-${name}: ${value}\r\n`);
export const FIELDS = fc.array(FIELD, { maxLength: 5 }).map((fields) => fields.join(''));

const OCTET = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCodePoint(code));
const CONTENT = fc.string({ unit: OCTET, maxLength: 40 });
const EXTENSION = fc.constantFrom('', ';a', ';a=b', ';a="b c"', ';a=1;b=2');
const CHUNK = fc.tuple(fc.string({ unit: OCTET, minLength: 1, maxLength: 40 }), EXTENSION, fc.boolean());

export const CHUNKED_BODY: fc.Arbitrary<WireBody> = fc
  .tuple(fc.array(CHUNK, { maxLength: 6 }), FIELDS)
  .map(([chunks, trailers]) => ({
    framing: 'chunked',
    fields: 'Transfer-Encoding: chunked\r\n',
    wire: `${chunks.map(renderChunk).join('')}0\r\n${trailers}\r\n`,
    content: chunks.map(([content]) => content).join(''),
  }));

const COUNTED_BODY: fc.Arbitrary<WireBody> = CONTENT.map((content) => ({
  framing: 'length',
  fields: `Content-Length: ${content.length}\r\n`,
  wire: content,
  content,
}));

const NO_BODY: WireBody = { framing: 'none', fields: '', wire: '', content: '' };

export const BODY = fc.oneof(fc.constant(NO_BODY), COUNTED_BODY, CHUNKED_BODY);

/** A request that must be forwarded, and what must arrive of it. */
export interface WireRequest {
  readonly method: string;
  readonly target: string;
  readonly body: WireBody;
  readonly wire: string;
}

const TARGET = fc.stringMatching(/^\/[a-zA-Z0-9._~%!$&'()*+,;=:@/-]{0,20}(\?[a-z0-9=&%/?]{0,10})?$/);

export const REQUEST: fc.Arbitrary<WireRequest> = fc
  .record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD'),
    target: TARGET.filter((target) => !/%(?![0-9a-f]{2})/i.test(target)),
    fields: FIELDS,
    body: BODY,
  })
  .map(({ method, target, fields, body }) => ({
    method,
    target,
    body,
    wire: `${method} ${target} HTTP/1.1\r\nHost: o.test\r\n${fields}${body.fields}\r\n${body.wire}`,
  }));

/** A response that must be passed on. */
export const RESPONSE = fc
  .record({
    interim: fc.constantFrom('', 'HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n'),
    status: fc.constantFrom(200, 201, 404, 500),
    fields: FIELDS,
    body: fc.oneof(COUNTED_BODY, CHUNKED_BODY),
  })
  .map(({ interim, status, fields, body }) => ({
    status,
    body,
    wire: `${interim}HTTP/1.1 ${status} Reason\r\n${fields}${body.fields}\r\n${body.wire}`,
  }));

function renderChunk([content, extension, isUpper]: readonly [string, string, boolean]): string {
  const size = content.length.toString(16);
  return `${isUpper ? size.toUpperCase() : size}${extension}\r\n${content}\r\n`;
}

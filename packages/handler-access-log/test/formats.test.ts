import { hostname } from 'node:os';
import { HttpContent, HttpHeaders, HttpResponse, LastHttpContent } from '@sluice/codec-http';
import { describe, expect, it } from 'vitest';
import {
  ACCESS_LOG_FIELDS,
  combinedFormat,
  compileJsonFormat,
  compileTextFormat,
  jsonFormat,
  openAccessLog,
  tabFormat,
} from '@sluice/handler-access-log';
import type { AccessLogFields, AccessLogFormat } from '@sluice/handler-access-log';
import { connect, receive } from './exchange.ts';

const FIELDS: AccessLogFields = {
  requestId: 'r-1',
  routeName: 'shop',
  origin: 'shop-v2',
  upstreamHost: '10.0.0.5:8080',
  upstreamAttempts: 2,
  upstreamFirstByteMs: 9.5,
  statusCategory: 'SUCCESS',
  statusCategoryReason: 'proxied',
  answeredBy: 'ProxyEndpoint',
  responseFlags: 'URX',
  responseFlagsLong: 'UpstreamRetryLimitExceeded',
  filterExecutionSummary: 'Auth[SUCCESS][3ms], Cors[SKIPPED]',
  responseCodeDetails: 'via_upstream',
};

describe('the line with TABs', () => {
  it('has all columns', () => {
    expect(lineOf(tabFormat(), FIELDS).split('\t')).toEqual([
      '2001-09-09T01:46:41.234Z',
      '192.0.2.7',
      '443',
      'POST',
      '/a?b=c',
      '201',
      '12500',
      '5',
      'r-1',
      '3',
      '"shop.example"',
      '"10.1.1.1,10.1.1.2"',
      '"-"',
      '"-"',
      '"-"',
      '"curl/8"',
      '"unit"',
      '"-"',
      '"text/plain"',
      'SUCCESS',
      'URX',
      'via_upstream',
      'ProxyEndpoint',
    ]);
  });

  it('has a dash for all that is missing or 0, but for the status', () => {
    const { channel, lines } = connect(tabFormat({ requestHeaders: ['via'], responseHeaders: ['via'] }));
    receive(channel, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    channel.close();

    expect(lines).toEqual([
      '2001-09-09T01:46:41.234Z\t192.0.2.7\t443\tGET\t/\t0\t-\t-\t-\t-\t"-"\t"-"\t-\t-\t-\t-\n',
    ]);
  });
});

it('writes the combined format of Apache', () => {
  expect(lineOf(combinedFormat())).toBe(
    '192.0.2.7 - - [09/Sep/2001:01:46:41 +0000] "POST /a?b=c HTTP/1.1" 201 5 "-" "curl/8"',
  );
});

it('writes a number for the status of a request without a response', () => {
  const { channel, lines } = connect(combinedFormat());
  receive(channel, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  channel.close();

  expect(lines).toEqual(['192.0.2.7 - - [09/Sep/2001:01:46:41 +0000] "GET / HTTP/1.1" 0 - "-" "-"\n']);
});

describe('the JSON line', () => {
  it('has all fields, with their types', () => {
    expect(JSON.parse(lineOf(jsonFormat(), FIELDS))).toEqual({
      time: '2001-09-09T01:46:41.234Z',
      requestId: 'r-1',
      connectionId: 'embedded',
      remoteAddress: '192.0.2.7:40000',
      localAddress: '198.51.100.1:443',
      method: 'POST',
      authority: 'shop.example',
      target: '/a?b=c',
      protocol: 'HTTP/1.1',
      status: 201,
      statusCategory: 'SUCCESS',
      statusCategoryReason: 'proxied',
      responseFlags: 'URX',
      responseCodeDetails: 'via_upstream',
      answeredBy: 'ProxyEndpoint',
      reason: 'SESSION_COMPLETE',
      durationUs: 12_500,
      requestBytes: 3,
      responseBytes: 5,
      route: 'shop',
      origin: 'shop-v2',
      upstreamHost: '10.0.0.5:8080',
      upstreamAttempts: 2,
      userAgent: 'curl/8',
      forwardedFor: '10.1.1.1,10.1.1.2',
    });
  });

  it('is null where something is missing, and a string where a template mixes', () => {
    const format = compileJsonFormat({
      route: '%ROUTE_NAME%',
      line: '%REQ(:METHOD)% %RESPONSE_CODE% %ROUTE_NAME%',
      level: 'info',
    });

    expect(JSON.parse(lineOf(format))).toEqual({ route: null, line: 'POST 201 -', level: 'info' });
    expect(compileJsonFormat({})).toBeTypeOf('function');
    expect(lineOf(compileJsonFormat({}))).toBe('{}');
  });
});

describe('a template', () => {
  it.each([
    ['100%% %PROTOCOL%\n', '100% HTTP/1.1'],
    [
      '%START_TIME(%s)% %START_TIME(%s.%6f)% %START_TIME(%9f %b %%)%',
      '1000000001 1000000001.234000 234000000 Sep %',
    ],
    [
      '%DURATION% %DURATION_US% %REQUEST_DURATION% %RESPONSE_DURATION% %RESPONSE_TX_DURATION%',
      '12 12500 2 9 3',
    ],
    ['%RESPONSE_CODE% %RESPONSE_CODE_DETAILS% %RESPONSE_FLAGS%', '201 via_upstream URX'],
    ['%RESPONSE_FLAGS_LONG% "%FILTERS%"', 'UpstreamRetryLimitExceeded "Auth[SUCCESS][3ms], Cors[SKIPPED]"'],
    ['%BYTES_RECEIVED% %BYTES_SENT%', '3 5'],
    ['%REQ(X-NOT-THERE?USER-AGENT):4% %REQ(X-NOT-THERE)% %REQ(content-length)%', 'curl - 3'],
    ['%RESP(CONTENT-TYPE)% %RESP(content-length)%', 'text/plain 5'],
    ['%DOWNSTREAM_REMOTE_ADDRESS% %DOWNSTREAM_REMOTE_PORT%', '192.0.2.7:40000 40000'],
    ['%DOWNSTREAM_DIRECT_REMOTE_ADDRESS% %DOWNSTREAM_DIRECT_REMOTE_PORT%', 'embedded -'],
    ['%DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT%', '198.51.100.1:443 198.51.100.1'],
    ['%CONNECTION_ID% %STREAM_ID% %ROUTE_NAME%', 'embedded r-1 shop'],
    ['%UPSTREAM_CLUSTER% %UPSTREAM_HOST% %UPSTREAM_REQUEST_ATTEMPT_COUNT%', 'shop-v2 10.0.0.5:8080 2'],
    [
      '%COMPLETE_REASON% %STATUS_CATEGORY% %STATUS_CATEGORY_REASON% %ANSWERED_BY%',
      'SESSION_COMPLETE SUCCESS proxied ProxyEndpoint',
    ],
    ['%ENVIRONMENT(NO_SUCH_VARIABLE)% %HOSTNAME%', `- ${hostname()}`],
    ['%REQ(:AUTHORITY)% %REQ(HOST)%', 'shop.example shop.example'],
  ])('%s gives the values of its operators', (template, expected) => {
    expect(lineOf(compileTextFormat(template), FIELDS)).toBe(expected);
  });

  it.each([
    ['%REQ(:PATH)', 'is no operator; expected %NAME%'],
    ['100%', 'is no operator; expected %NAME%'],
    ['%UPSTREAM_HOTS%', 'There is no operator %UPSTREAM_HOTS%; there are ANSWERED_BY, '],
    ['%constructor%', 'is no operator'],
    ['%PROTOCOL(x)%', 'takes no argument'],
    ['%REQ()%', 'needs one field name'],
    ['%REQ(A?B?C)%', 'needs one field name'],
    ['%REQ(X?Authorization)%', 'The field authorization holds secrets'],
    ['%RESP(Set-Cookie)%', 'The field set-cookie holds secrets'],
    ['%START_TIME(%q)%', 'has "%q"; expected'],
    ['%START_TIME(%4f)%', 'has "%4f"; expected'],
    ['one\nline %PROTOCOL%', 'neither TAB nor printable ASCII'],
  ])('%s is refused, with what is wrong', (template, message) => {
    expect(() => compileTextFormat(template)).toThrow(message);
  });
});

it('knows formats by name, and refuses a name that is none', () => {
  for (const format of ['tab', 'combined', 'json', '%PROTOCOL%', { p: '%PROTOCOL%' }]) {
    expect(openAccessLog({ destination: 'off', format }).isOff).toBe(true);
  }
  expect(() => openAccessLog({ destination: 'off', format: 'comibned' })).toThrow(
    'neither tab, combined nor json',
  );
});

/** The line of one exchange, without its end. */
function lineOf(format: AccessLogFormat, fields?: AccessLogFields): string {
  const { channel, lines } = connect(format);
  receive(
    channel,
    'POST /a?b=c HTTP/1.1\r\nHost: Shop.example\r\nUser-Agent: curl/8\r\nX-Forwarded-For: 10.1.1.1\r\n' +
      'X-Forwarded-For: 10.1.1.2\r\nContent-Length: 3\r\n\r\n',
  );
  channel.attr(ACCESS_LOG_FIELDS).set(fields);
  channel.clock.advance(2.5);
  receive(channel, 'abc');
  channel.clock.advance(10);
  const headers = HttpHeaders.of([
    ['Content-Type', 'text/plain'],
    ['Server', 'unit'],
  ]);
  channel.writeOutbound(
    new HttpResponse({ status: 201, contentLength: 5, headers }),
    new HttpContent(Buffer.from('hello')),
    LastHttpContent.EMPTY,
  );
  return lines.join('').replace(/\n$/, '');
}

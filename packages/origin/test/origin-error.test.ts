import { HttpDecodeError } from '@sluice/codec-http';
import { ConnectTimeoutError } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { originError } from '../src/index.ts';
import type { OriginFailure } from '../src/index.ts';
import { connectFailure, responseFailure } from '../src/origin-error.ts';

describe('originError', () => {
  it.each<[OriginFailure, number, string]>([
    ['connection_refused', 502, 'FAILURE_ORIGIN_CONNECTIVITY'],
    ['connection_timeout', 504, 'FAILURE_ORIGIN_CONNECTIVITY'],
    ['destination_ip_unroutable', 502, 'FAILURE_ORIGIN_CONNECTIVITY'],
    ['dns_error', 502, 'FAILURE_ORIGIN_CONNECTIVITY'],
    ['connection_terminated', 502, 'FAILURE_ORIGIN_RESET_CONNECTION'],
    ['connection_limit_reached', 503, 'FAILURE_LOCAL_THROTTLED_ORIGIN_SERVER_MAXCONN'],
    ['destination_unavailable', 503, 'FAILURE_ORIGIN_NO_SERVERS'],
    ['destination_not_found', 404, 'SUCCESS_LOCAL_NO_ROUTE'],
    ['http_response_timeout', 504, 'FAILURE_ORIGIN_READ_TIMEOUT'],
    ['http_protocol_error', 502, 'FAILURE_ORIGIN'],
  ])('%s is a %i in the category %s', (reason, status, category) => {
    const cause = new Error('10.0.0.1 said no');
    const error = originError(reason, cause);

    expect(error).toMatchObject({ status, category, reason, cause, source: 'upstream' });
    expect(error.message).not.toContain('10.0.0.1');
  });
});

describe('connectFailure', () => {
  it.each<[string, OriginFailure]>([
    ['ECONNREFUSED', 'connection_refused'],
    ['ENOENT', 'connection_refused'],
    ['ETIMEDOUT', 'connection_timeout'],
    ['ENOTFOUND', 'dns_error'],
    ['EAI_AGAIN', 'dns_error'],
    ['EHOSTUNREACH', 'destination_ip_unroutable'],
    ['ENETUNREACH', 'destination_ip_unroutable'],
    ['EMFILE', 'connection_limit_reached'],
    ['EADDRNOTAVAIL', 'connection_limit_reached'],
  ])('takes %s for %s', (code, failure) => {
    expect(connectFailure(Object.assign(new Error(code), { code }))).toBe(failure);
  });

  it('knows the timeout of our own', () => {
    expect(connectFailure(new ConnectTimeoutError(2000, '10.0.0.1:80'))).toBe('connection_timeout');
  });

  it('knows the error of a name with several addresses by its code', () => {
    const each = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    const all = Object.assign(new AggregateError([each, each]), { code: 'ECONNREFUSED' });

    expect(connectFailure(all)).toBe('connection_refused');
  });
});

describe('responseFailure', () => {
  it.each<[unknown, OriginFailure]>([
    [undefined, 'connection_terminated'],
    [Object.assign(new Error('reset'), { code: 'ECONNRESET' }), 'connection_terminated'],
    [new HttpDecodeError('http1.truncated_head', 'upstream'), 'connection_terminated'],
    [new HttpDecodeError('http1.truncated_body', 'upstream'), 'connection_terminated'],
    [new HttpDecodeError('http1.bad_status_line', 'upstream'), 'http_protocol_error'],
    [new HttpDecodeError('http1.bad_chunk', 'upstream'), 'http_protocol_error'],
  ])('takes %s for %s', (cause, failure) => {
    expect(responseFailure(cause)).toBe(failure);
  });
});

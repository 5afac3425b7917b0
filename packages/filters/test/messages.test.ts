import { HttpRequest, InvalidHeaderError } from '@sluice/codec-http';
import { EmbeddedChannel } from '@sluice/core';
import {
  ContextKey,
  HttpRequestMessage,
  HttpResponseMessage,
  HttpStatusError,
  problemOf,
  problemResponse,
  SessionContext,
  StatusCategory,
} from '@sluice/filters';
import { describe, expect, it } from 'vitest';

const contextOf = (): SessionContext => new SessionContext(new EmbeddedChannel(), 0);

describe('HttpRequestMessage', () => {
  const received = new HttpRequest({ method: 'GET', target: '/a?b=%20', authority: 'a:80' });

  it('changes what will be sent, and not what was received', () => {
    const request = new HttpRequestMessage(received, contextOf());
    request.path = '/new';
    request.headers.set('x-a', '1');

    expect([request.target, request.path, request.query]).toEqual(['/new?b=%20', '/new', 'b=%20']);
    expect([received.target, received.headers.get('x-a')]).toEqual(['/a?b=%20', undefined]);
  });

  it('has no query where there is no question mark', () => {
    const request = new HttpRequestMessage(received, contextOf());
    request.target = '/plain';
    expect(() => (request.path = '/other?c=d')).toThrow(
      'A path ends before the "?"; set the target instead.',
    );
    request.path = '/other';

    expect([request.target, request.query]).toEqual(['/other', undefined]);
  });

  it.each([
    ['id', '7'],
    ['quoted', 'a b'],
    ['empty', ''],
    ['later', 'x=y'],
    ['ID', undefined],
    ['i', undefined],
  ])('tells of the cookie %s: %s', (name, value) => {
    const request = new HttpRequestMessage(received, contextOf());
    request.headers.add('cookie', 'xid=9; id=7;quoted="a b"; id=8');
    request.headers.add('Cookie', 'empty=; later=x=y');

    expect(request.cookie(name)).toBe(value);
  });

  it.each([
    { what: 'a method', change: (request: HttpRequestMessage) => void (request.method = 'GET /') },
    { what: 'a target', change: (request: HttpRequestMessage) => void (request.target = '/\r\nx: y') },
    { what: 'an authority', change: (request: HttpRequestMessage) => void (request.authority = 'a b') },
    { what: 'a field', change: (request: HttpRequestMessage) => void request.headers.set('x', '\r\n') },
  ])('takes no $what that can not be sent', ({ change }) => {
    expect(() => change(new HttpRequestMessage(received, contextOf()))).toThrow(InvalidHeaderError);
  });

  it('has a length for the body that it is given', () => {
    const request = new HttpRequestMessage(received, contextOf());
    request.setBody('ä');

    expect(request.outboundRequest).toMatchObject({ framing: 'length', contentLength: 2 });
    expect(request.bodyAsText).toBe('ä');
  });
});

describe('SessionContext', () => {
  it('keeps values by the identity of their keys', () => {
    const [mine, yours] = [new ContextKey<number>('size'), new ContextKey<number>('size')];
    const context = contextOf();
    expect(context.get(mine)).toBeUndefined();

    context.set(mine, 1);
    expect([context.get(mine), context.get(yours)]).toEqual([1, undefined]);
    context.set(mine, undefined);

    expect(context.get(mine)).toBeUndefined();
  });

  it('keeps the first failure, and no success before it', () => {
    const context = contextOf();
    context.setStatusCategory(StatusCategory.SUCCESS);
    context.setStatusCategory(StatusCategory.FAILURE_ORIGIN, 'first');
    context.setStatusCategory(StatusCategory.FAILURE_LOCAL, 'second');
    context.setStatusCategory(StatusCategory.SUCCESS);

    expect([context.statusCategory, context.statusCategoryReason]).toEqual(['FAILURE_ORIGIN', 'first']);
  });

  it('has a signal that is aborted from the start once it is cancelled', () => {
    const context = contextOf();
    context.cancel();

    expect(context.signal.aborted).toBe(true);
  });
});

describe('a problem', () => {
  it('tells the status, the words and the fields of an HttpStatusError', () => {
    const context = contextOf();
    const error = new HttpStatusError(405, 'No.', { headers: [['allow', 'GET']], keepAlive: false });

    const response = problemResponse(context, error);

    expect(response).toMatchObject({ status: 405, keepAlive: false });
    expect(response.headers.get('allow')).toBe('GET');
    expect(JSON.parse(response.bodyAsText ?? '')).toEqual({
      type: 'about:blank',
      title: 'Method Not Allowed',
      status: 405,
      detail: 'No.',
    });
    expect(context.statusCategory).toBe(StatusCategory.FAILURE_CLIENT_BAD_REQUEST);
  });

  it('keeps the words of any other error to itself', () => {
    expect(problemOf(new Error('secret'))).toEqual({
      status: 500,
      detail: 'The gateway could not process the request.',
      category: StatusCategory.FAILURE_LOCAL,
      reason: 'proxy_internal_error',
      details: 'internal_error',
    });
  });

  it('has its fields as an object, too, and refuses those that can not be sent', () => {
    const response = problemResponse(
      contextOf(),
      new HttpStatusError(405, 'No.', { headers: { allow: 'GET' } }),
    );

    expect(response.headers.get('allow')).toBe('GET');
    expect(() => new HttpStatusError(405, 'No.', { headers: { 'no name': 'x' } })).toThrow(
      InvalidHeaderError,
    );
  });

  it('has a whole number for its status', () => {
    expect(() => new HttpStatusError('403' as never, 'No.')).toThrow("'403' is not the status of an error.");
  });

  it.each([99, 200, 399, 404.5, 600, Number.NaN])('has no status %s', (status) => {
    expect(() => new HttpStatusError(status, 'No.')).toThrow(`${status} is not the status of an error.`);
  });

  it('may be a response of your own', () => {
    const response = HttpResponseMessage.make(contextOf(), { status: 429, headers: [['retry-after', '1']] });
    response.status = 503;

    expect([response.status, response.headers.get('retry-after'), response.body?.length]).toEqual([
      503,
      '1',
      0,
    ]);
  });
});

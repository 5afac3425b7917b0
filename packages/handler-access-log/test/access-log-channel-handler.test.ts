import { HttpContent, HttpResponse, LastHttpContent } from '@sluice/codec-http';
import type { HttpRequest } from '@sluice/codec-http';
import { EmbeddedChannel } from '@sluice/core';
import { CompleteEvent } from '@sluice/handler-http';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  ACCESS_LOG_FIELDS,
  AccessLog,
  AccessLogChannelHandler,
  compileTextFormat,
  OFF_WRITER,
} from '@sluice/handler-access-log';
import { connect, receive } from './exchange.ts';

const FORMAT = compileTextFormat(
  '%REQ(:METHOD)% %REQ(:PATH)% %RESPONSE_CODE% %BYTES_RECEIVED% %BYTES_SENT% %COMPLETE_REASON% %RESPONSE_FLAGS%',
);
const GET = 'GET /a HTTP/1.1\r\nHost: a\r\n\r\n';

it('writes one line for each request on a connection', () => {
  const { channel, lines } = connect(FORMAT);
  receive(channel, GET + GET.replace('/a', '/b'));
  answer(channel, 200, 'hello');
  answer(channel, 404, '');

  expect(lines).toEqual(['GET /a 200 0 5 SESSION_COMPLETE -\n', 'GET /b 404 0 0 SESSION_COMPLETE -\n']);
});

it('writes the line of a request whose client has gone', () => {
  const { channel, lines } = connect(FORMAT);
  receive(channel, 'POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc');
  channel.unsafe.close(channel.newPromise());
  channel.runPendingTasks();

  expect(lines).toEqual(['POST /a 0 3 0 INACTIVE DC\n']);
});

it('writes the line of a response that was cut short', () => {
  const { channel, lines } = connect(FORMAT);
  receive(channel, GET);
  channel.writeOutbound(
    new HttpResponse({ status: 200, contentLength: 9 }),
    new HttpContent(Buffer.from('abc')),
  );
  channel.close();

  expect(lines).toEqual(['GET /a 200 0 3 CLOSE -\n']);
});

it('writes the line of a request that was refused', () => {
  const { channel, lines } = connect(
    compileTextFormat('%RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS%'),
  );
  receive(channel, 'GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n');
  answer(channel, 400, '');

  expect(lines).toEqual(['400 DPE http1.conflicting_framing\n']);
});

it('counts the body of the final response alone', () => {
  const { channel, lines } = connect(FORMAT);
  receive(channel, GET);
  channel.writeOutbound(new HttpResponse({ status: 103 }));
  answer(channel, 200, 'hello');

  expect(lines).toEqual(['GET /a 200 0 5 SESSION_COMPLETE -\n']);
});

it.each([
  ['HEAD', 200],
  ['GET', 204],
  ['GET', 304],
])('counts nothing of a body that is not sent, to %s with %i', (method, status) => {
  const { channel, lines } = connect(FORMAT);
  receive(channel, GET.replace('GET', method));
  answer(channel, status, 'hello');

  expect(lines).toEqual([`${method} /a ${status} 0 0 SESSION_COMPLETE -\n`]);
});

it('logs the request as the client sent it, whatever a filter makes of it', () => {
  const { channel, lines } = connect(compileTextFormat('%REQ(:PATH)% %REQ(X-FORWARDED-FOR)%'));
  receive(channel, GET.replace('\r\n\r\n', '\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n'));
  const request = channel.readInbound<HttpRequest>();
  request?.headers.delete('X-Forwarded-For');
  if (request !== undefined) request.target = '/changed';
  answer(channel, 200, '');

  expect(lines).toEqual(['/a 10.0.0.1\n']);
});

it('takes the fields off the channel with the line', () => {
  const { channel, lines } = connect(compileTextFormat('%ROUTE_NAME%'));
  receive(channel, GET);
  channel.attr(ACCESS_LOG_FIELDS).set({ routeName: 'first' });
  answer(channel, 200, '');
  receive(channel, GET);
  answer(channel, 200, '');

  expect(lines).toEqual(['first\n', '-\n']);
});

it('writes no second line for a CompleteEvent that comes again', () => {
  const { channel, lines } = connect(FORMAT);
  receive(channel, GET);
  const request = channel.readInbound<HttpRequest>() ?? expect.unreachable();
  answer(channel, 200, '');
  channel.pipeline.fireUserEventTriggered(new CompleteEvent('CLOSE', request, undefined, true));

  expect(lines).toHaveLength(1);
});

it('survives a format that throws', () => {
  const { channel, lines } = connect(() => {
    throw new Error('no line');
  });
  receive(channel, GET);
  answer(channel, 200, '');

  expect(lines).toEqual([]);
  expect(channel.isOpen).toBe(true);
});

it('makes no line when the log is off', () => {
  const format = (): string => expect.unreachable();
  const channel = new EmbeddedChannel(new AccessLogChannelHandler(new AccessLog(format, OFF_WRITER)));
  channel.writeInbound('a', 'b');

  expect(channel.inboundMessages()).toEqual(['a', 'b']);
});

it('writes as many lines as there are CompleteEvents, whatever happens to the connection', () => {
  const steps: Readonly<Record<string, (channel: EmbeddedChannel) => void>> = {
    request: (channel) => receive(channel, GET),
    twoRequests: (channel) => receive(channel, GET + GET),
    halfARequest: (channel) => receive(channel, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na'),
    rest: (channel) => receive(channel, 'bc'),
    nonsense: (channel) => receive(channel, '\0\r\n\r\n'),
    head: (channel) => void channel.writeOneOutbound(new HttpResponse({ status: 204, framing: 'none' })),
    last: (channel) => void channel.writeOneOutbound(LastHttpContent.EMPTY),
    flush: (channel) => void channel.flushOutbound(),
    endOfInput: (channel) => channel.endInput(),
    close: (channel) => void channel.close(),
  };
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...Object.keys(steps)), { maxLength: 20 }), (names) => {
      const { channel, lines } = connect(FORMAT);
      const counter = new CompletionCounter();
      channel.pipeline.addLast('counter', counter);
      for (const name of names) if (channel.isOpen) tolerate(() => steps[name]?.(channel));
      tolerate(() => channel.close());

      expect(lines).toHaveLength(counter.completions);
    }),
    { numRuns: 300 },
  );
});

class CompletionCounter {
  completions = 0;

  userEventTriggered(_ctx: unknown, event: object): void {
    if (event instanceof CompleteEvent) this.completions++;
  }
}

/** Steps that make no sense at their place are refused by the codec; that is part of the interleaving. */
function tolerate(step: () => void): void {
  try {
    step();
  } catch (cause) {
    expect(cause).toBeInstanceOf(Error);
  }
}

function answer(channel: EmbeddedChannel, status: number, body: string): void {
  channel.writeOutbound(
    new HttpResponse({ status, contentLength: body.length }),
    new HttpContent(Buffer.from(body)),
    LastHttpContent.EMPTY,
  );
}

import { HttpDecodeError, HttpResponse, LastHttpContent } from '@sluice/codec-http';
import { HttpResponseMessage, HttpStatusError } from '@sluice/filters';
import type { ResponseFlag, SessionContext } from '@sluice/filters';
import { AccessLog, AccessLogChannelHandler, compileTextFormat } from '@sluice/handler-access-log';
import { IdleStateEvent, WriteTimeoutError } from '@sluice/handler-idle-state';
import { describe, expect, it } from 'vitest';
import { chunk, CHUNKED_POST, Client, endpoint, far, GET, inbound, outbound, text } from './support.ts';

const LINE =
  '%RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% %STATUS_CATEGORY% %STATUS_CATEGORY_REASON% %ANSWERED_BY%';

describe('Proxy-Status', () => {
  it.each([
    { what: 'an endpoint', settings: { endpoint: text('fine') } },
    { what: 'a static response', settings: { filters: [answering()] } },
  ])('says that the response of $what comes from no origin', ({ settings }) => {
    expect(new Client(settings).send(GET)).toContain(
      'proxy-status: sluice; error=proxy_internal_response\r\n',
    );
  });

  it('says what went wrong, also with an error endpoint of your own', () => {
    const own = endpoint((_request, context) => HttpResponseMessage.make(context, { status: 503 }));
    const fails = endpoint(() =>
      raise(new HttpStatusError(503, 'Busy.', { reason: 'destination_unavailable' })),
    );

    expect(new Client({ endpoint: fails, errorEndpoint: own }).send(GET)).toContain(
      'proxy-status: sluice; error=destination_unavailable\r\n',
    );
  });

  it('is not added to the response of an origin, but to one in its place', () => {
    const { endpoint: proxy, sides } = far();
    const pass = new Client({ endpoint: proxy });
    const replace = outbound({ apply: (_r, context) => HttpResponseMessage.make(context, { status: 418 }) });
    const other = new Client({ endpoint: proxy, filters: [replace] });

    for (const client of [pass, other]) client.send(GET);
    for (const side of sides) {
      side.respond({ contentLength: 0 });
      side.last();
    }

    expect(pass.received()).not.toContain('proxy-status');
    expect(other.received()).toMatch(
      /^HTTP\/1.1 418 [^]*proxy-status: sluice; error=proxy_internal_response/,
    );
  });

  it('is there in the answer of last resort', () => {
    const closed = outbound({ apply: () => raise(new Error('no')) }, { onFailure: 'closed' });

    expect(new Client({ endpoint: text('fine'), filters: [closed] }).send(GET)).toMatch(
      /^HTTP\/1.1 500 [^]*proxy-status: sluice; error=proxy_internal_error\r\n/,
    );
  });

  it('has the name that one gives it, or is left out', () => {
    const named = { endpoint: text('fine'), options: { proxyName: 'edge-1.example' } };
    const origin = { endpoint: text('fine'), options: { proxyName: undefined } };

    expect(new Client(named).send(GET)).toContain('proxy-status: edge-1.example; ');
    expect(new Client(origin).send(GET)).not.toContain('proxy-status');
    expect(() => new Client({ options: { proxyName: 'a b' } })).toThrow('proxyName: expected a token');
  });

  it('stays well-formed whatever the reason of an error is', () => {
    const odd = endpoint(() => raise(new HttpStatusError(502, 'No.', { reason: 'no token; error=x' })));

    expect(new Client({ endpoint: odd }).send(GET)).toContain(
      'proxy-status: sluice; error=proxy_internal_error\r\n',
    );
  });
});

describe('the problem that a client is told', () => {
  it('names the id of the request where it has one', () => {
    const identify = inbound({ apply: (_request, context) => void (context.requestId = 'r-1') });

    expect(new Client({ filters: [identify] }).send(GET)).toMatch(/"detail":"[^"]+","requestId":"r-1"\}\n$/);
  });
});

describe('the line of the access log', () => {
  const refuse = (status: number, flag?: ResponseFlag): ReturnType<typeof inbound> =>
    inbound(
      { apply: () => raise(new HttpStatusError(status, 'No.', { ...(flag && { flag, details: 'why' }) })) },
      { name: `refuse-${status}` },
    );

  it.each([
    {
      what: 'no route',
      settings: {},
      line: '404 NR route_not_found SUCCESS_LOCAL_NO_ROUTE destination_not_found error',
    },
    {
      what: 'a static response',
      settings: { filters: [answering()] },
      line: '200 - direct_response SUCCESS_LOCAL_NOTSET - gateway',
    },
    {
      what: 'a failing filter',
      settings: { filters: [inbound({ apply: () => raise(new Error('no')) }, { name: 'faulty' })] },
      line: '500 - internal_error{faulty} FAILURE_LOCAL proxy_internal_error error',
    },
    {
      what: 'a filter at its limit',
      settings: { filters: [inbound({}, { name: 'busy', maxConcurrency: 0 })] },
      line: '503 OM filter_concurrency_limit{busy} FAILURE_LOCAL proxy_internal_error error',
    },
    {
      what: 'too many requests',
      settings: { filters: [refuse(429)] },
      line: '429 RL http_request_error{refuse-429} FAILURE_CLIENT_BAD_REQUEST http_request_error error',
    },
    {
      what: 'a flag of your own',
      settings: { filters: [refuse(403, 'UAEX')] },
      line: '403 UAEX why FAILURE_CLIENT_BAD_REQUEST http_request_error error',
    },
  ])('tells of $what', ({ settings, line }) => {
    const { client, lines } = logged(settings);

    client.send(GET);

    expect(lines).toEqual([`${line}\n`]);
  });

  it.each([
    { reason: 'connection_refused', flag: 'UF' },
    { reason: 'connection_terminated', flag: 'UC' },
    { reason: 'connection_limit_reached', flag: 'UO' },
    { reason: 'destination_unavailable', flag: 'UH' },
    { reason: 'dns_error', flag: 'DF' },
    { reason: 'http_protocol_error', flag: 'UPE' },
    { reason: 'http_response_timeout', flag: 'UT' },
  ])('has $flag for $reason', ({ reason, flag }) => {
    const { endpoint: proxy, sides } = far();
    const { client, lines } = logged({ endpoint: proxy });

    client.send(GET);
    sides[0]?.downstream.fail(new HttpStatusError(502, 'No.', { reason }));

    expect(lines[0]).toMatch(new RegExp(`^502 ${flag} \\w+ FAILURE_LOCAL ${reason} error\n$`));
  });

  it('tells of a malformed request, and of a malformed body', () => {
    const first = logged({ endpoint: text('never') });
    const second = logged({ endpoint: far().endpoint });

    first.client.send('GET / HTTP/1.1\r\nbad field\r\n\r\n');
    second.client.send(CHUNKED_POST, 'zz\r\n');

    expect(first.lines[0]).toMatch(
      /^400 DPE http1\.\w+ FAILURE_CLIENT_BAD_REQUEST http_request_error error\n$/,
    );
    expect(second.lines[0]).toBe(
      '400 DPE http1.bad_chunk FAILURE_CLIENT_BAD_REQUEST http_request_error error\n',
    );
  });

  it('tells of a malformed response', () => {
    const { endpoint: proxy, sides } = far();
    const { client, lines } = logged({ endpoint: proxy });

    client.send(GET);
    const failure = new HttpDecodeError('http1.bad_chunk', 'upstream');
    sides[0]?.respond();
    sides[0]?.downstream.content(new LastHttpContent(undefined, undefined, failure));
    client.channel.runPendingTasks();

    expect(lines[0]).toMatch(
      /^200 UPE upstream_protocol_error FAILURE_ORIGIN http_protocol_error TestFilter\d+\n$/,
    );
  });

  it('tells of a client that has gone, and of a connection that was quiet for too long', () => {
    const gone = logged({ endpoint: far().endpoint });
    const quiet = logged({ endpoint: far().endpoint });

    gone.client.send(GET);
    gone.client.leave();
    quiet.client.send(GET);
    quiet.client.channel.pipeline.fireUserEventTriggered(IdleStateEvent.ALL_IDLE);

    expect(gone.lines[0]).toMatch(
      /^0 DC downstream_remote_disconnect FAILURE_CLIENT_CANCELLED - TestFilter\d+\n$/,
    );
    expect(quiet.lines).toEqual([
      '504 SI stream_idle_timeout FAILURE_LOCAL_IDLE_TIMEOUT http_response_timeout error\n',
    ]);
  });

  it('tells of a response that was given up here', () => {
    const { endpoint, sides } = far();
    const { client, lines } = logged({ endpoint });

    client.send(GET);
    sides[0]?.respond();
    client.channel.close();

    expect(lines[0]).toMatch(/^200 - downstream_local_disconnect FAILURE_LOCAL - TestFilter\d+\n$/);
  });

  it('tells of a client that takes nothing more', () => {
    const { endpoint, sides } = far();
    const { client, lines } = logged({ endpoint });

    client.send(GET);
    sides[0]?.respond();
    client.channel.pipeline.fireExceptionCaught(new WriteTimeoutError(1000));
    client.channel.close();

    expect(lines[0]).toMatch(/^200 - downstream_write_timeout FAILURE_CLIENT_TIMEOUT - TestFilter\d+\n$/);
  });

  it('keeps the words of the first failure', () => {
    const faulty = outbound({ apply: () => raise(new Error('no')) }, { name: 'faulty', onFailure: 'closed' });
    const { client, lines } = logged({ filters: [faulty] });

    client.send(GET);

    expect(lines).toEqual(['500 NR internal_error{faulty} FAILURE_LOCAL proxy_internal_error gateway\n']);
  });

  it('can have what became of the filters, and the long names of flags', () => {
    const { client, lines } = logged(
      { filters: [inbound({}, { name: 'auth' })], endpoint: text('fine') },
      '%FILTERS%|%RESPONSE_FLAGS_LONG%',
    );

    client.send(GET);
    client.send('GET / HTTP/1.1\r\nbad field\r\n\r\n');

    expect(lines[0]).toMatch(/^auth\[SUCCESS\],\\x20TestFilter\d+\[SUCCESS\]\|-\n$/);
    expect(lines[1]).toBe('auth[SKIPPED],\\x20error[SUCCESS]|DownstreamProtocolError\n');
  });
});

describe('flags', () => {
  it('are listed in the order of the table, each once', () => {
    const contexts: SessionContext[] = [];
    const flags = inbound({
      apply: (_request, context) => {
        contexts.push(context);
        for (const flag of ['UDO', 'RL', 'LH', 'RL'] as const) context.addResponseFlag(flag);
      },
    });

    new Client({ filters: [flags], endpoint: text('fine') }).send(GET);

    expect(contexts[0]?.responseFlags).toBe('LH,RL,UDO');
    expect(contexts[0]?.responseFlagsLong).toBe(
      'FailedLocalHealthCheck,RateLimited,UnconditionalDropOverload',
    );
  });
});

describe('an error of a filter', () => {
  it('is logged once, with the filter', () => {
    const warned: object[] = [];
    const ignore = (): void => {};
    const logger = {
      debug: ignore,
      info: ignore,
      error: ignore,
      warn: (fields: object) => void warned.push(fields),
    };
    const faulty = inbound({ apply: () => raise(new Error('no')) }, { name: 'faulty' });
    const client = new Client({ filters: [faulty], logger });

    client.send(CHUNKED_POST, chunk('a'));

    expect(warned).toMatchObject([{ filter: 'faulty', type: 'inbound' }]);
  });
});

function logged(
  settings: ConstructorParameters<typeof Client>[0],
  line = LINE,
): { client: Client; lines: string[] } {
  const lines: string[] = [];
  const log = new AccessLog(compileTextFormat(line), { write: (text) => void lines.push(text) });
  return { client: new Client({ ...settings, handlers: [new AccessLogChannelHandler(log)] }), lines };
}

function answering(): ReturnType<typeof inbound> {
  return inbound({
    apply: (_request, context) => {
      context.staticResponse = new HttpResponseMessage(
        new HttpResponse({ status: 200, contentLength: 0 }),
        context,
        false,
      );
    },
  });
}

function raise(cause: unknown): never {
  throw cause;
}

import { HttpRequest } from '@sluice/codec-http';
import type { ChannelHandler, ChannelHandlerContext } from '@sluice/core';
import { Filter, HttpResponseMessage, resolveFilters } from '@sluice/filters';
import type { FilterClass, FilterConstraint, FilterKind } from '@sluice/filters';
import { LogRecorder } from '@sluice/testing';
import { Container } from 'inversify';
import { describe, expect, it } from 'vitest';
import { Client, endpoint, far, GET, inbound, outbound, text } from './support.ts';
import type { ClientSettings } from './support.ts';

const HEAD = GET.replace('GET', 'HEAD');

class Plain {}

class Doubtful implements FilterConstraint {
  isConstrained(): boolean {
    return Promise.resolve(false) as never;
  }
}

describe('a list with what is no filter', () => {
  it.each<[string, unknown, RegExp]>([
    [
      'nothing, as two modules have that import one another',
      undefined,
      /^filters: expected classes, found undefined: do two/,
    ],
    [
      'an instance',
      new (text('one'))(),
      /^filters: expected classes, found an instance of TestFilter: list the class\.$/,
    ],
    [
      'a type that there is none of',
      filter({ type: 'Inbound' }),
      /^Mistaken: type is "Inbound"; expected "inbound" or "endpoint" or "outbound"\.$/,
    ],
    [
      'an option that is not known',
      filter({ type: 'inbound', order: 1 }),
      /^Mistaken: order is not known; known are type, name,/,
    ],
    [
      'a wrong word for failures',
      filter({ type: 'inbound', onFailure: 'ignore' }),
      /^Mistaken: onFailure is "ignore"; expected/,
    ],
    ['no type', filter({}), /^Mistaken: type is missing\.$/],
    ['no time', filter({ type: 'inbound', timeoutMs: 0 }), /timeoutMs is 0; expected a number above 0\.$/],
    ['time that is no number', filter({ type: 'inbound', timeoutMs: NaN }), /timeoutMs is NaN;/],
    ['time in words', filter({ type: 'inbound', timeoutMs: '5' }), /timeoutMs is "5";/],
    ['a negative count', filter({ type: 'inbound', maxConcurrency: -1 }), /maxConcurrency is -1;/],
    ['a size that is no number', filter({ type: 'inbound', maxBodyBytes: NaN }), /maxBodyBytes is NaN;/],
    [
      'a word for a boolean',
      filter({ type: 'inbound', alwaysRun: 'no' }),
      /alwaysRun is "no"; expected a boolean/,
    ],
    [
      'an empty name',
      filter({ type: 'inbound', name: '' }),
      /name is ""; expected a string that is not empty/,
    ],
    [
      'a class for a list',
      filter({ type: 'inbound', after: Doubtful }),
      /after is the class Doubtful; expected an array/,
    ],
    [
      'a constraint without its method',
      filter({ type: 'inbound', constraints: [Plain] }),
      /^The constraint Plain has no method isConstrained\.$/,
    ],
    ['a class without @Filter', Plain, /^Plain is not a filter; it has no @Filter decorator\.$/],
    [
      'a chain filter without apply',
      filter({ type: 'outbound' }, {}),
      /^The filter Mistaken has no method apply\.$/,
    ],
    [
      'an endpoint without either',
      filter({ type: 'endpoint' }, {}),
      /^The filter Mistaken has no method apply and no method open\.$/,
    ],
  ])('is refused: %s', (_what, given, message) => {
    const listed = [given as FilterClass];
    expect(() => resolveFilters(new Container({ autobind: true }), listed)).toThrow(
      expect.objectContaining({ code: 'SLUICE_FILTER_SET', message: expect.stringMatching(message) }),
    );
  });
});

describe('what untyped code returns', () => {
  it.each<[string, FilterClass]>([
    ['a response of an inbound filter', inbound({ apply: (_request, context) => answer(context) as never })],
    ['a Promise of shouldFilter', inbound({ shouldFilter: () => Promise.resolve(false) as never })],
    ['nothing of shouldFilter', inbound({ shouldFilter: () => undefined as never })],
    ['a Promise of needsBodyBuffered', inbound({ needsBodyBuffered: () => Promise.resolve(false) as never })],
    ['a Promise of isConstrained', inbound({}, { constraints: [Doubtful] })],
    ['false of an inbound filter', inbound({ apply: () => false as never })],
  ])('is a failure, and nothing passes: %s', (_what, filter) => {
    const { endpoint, sides } = far();
    const client = new Client({ filters: [filter], endpoint });

    expect(client.send(GET)).toMatch(/^HTTP\/1.1 500 /);
    expect(sides).toEqual([]);
  });

  it.each<[string, () => boolean, RegExp]>([
    [
      'a Promise',
      () => Promise.resolve(true) as never,
      / needsBodyBuffered of TestFilter\d+ returned no boolean\.$/,
    ],
    ['what it throws', () => raise(new Error('no idea')), / no idea$/],
  ])(
    'is a failure of an endpoint, which is logged: %s of needsBodyBuffered',
    (_what, needsBodyBuffered, line) => {
      const { logger, lines } = recorder();
      const client = new Client({ endpoint: endpoint(() => {}, { needsBodyBuffered }), logger });

      expect(client.send(GET)).toMatch(/^HTTP\/1.1 500 /);
      expect(lines()).toEqual([expect.stringMatching(line)]);
    },
  );

  it('is a failure: a request of an outbound filter, which is left out', () => {
    let seen: unknown;
    const filters = [
      inbound({ apply: (request) => void (seen = request) }),
      outbound({ apply: () => seen as HttpResponseMessage }),
    ];
    const client = new Client({ filters, endpoint: text('fine') });

    expect(client.send(GET)).toMatch(/^HTTP\/1.1 200 [^]*fine$/);
  });
});

describe('a response that was made for another request', () => {
  const kept = () => {
    let first: HttpResponseMessage | undefined;
    return (context: HttpResponseMessage['context']): HttpResponseMessage => (first ??= answer(context));
  };

  it('of an endpoint is an error for the second one, and is logged', () => {
    const { logger, lines } = recorder();
    const keep = kept();
    const client = new Client({ endpoint: endpoint((_request, context) => keep(context)), logger });

    expect(client.send(GET)).toMatch(/^HTTP\/1.1 200 /);
    expect(client.send(GET)).toMatch(/^HTTP\/1.1 500 /);
    expect(lines()).toEqual([
      expect.stringMatching(/gave a message that was made for another request\. Make one for each\./),
    ]);
  });

  it('as a static response is an error for the second one, and is logged', () => {
    const { logger, lines } = recorder();
    const keep = kept();
    const filters = [
      inbound({ apply: (_request, context) => void (context.staticResponse = keep(context)) }),
    ];
    const client = new Client({ filters, logger });

    expect(client.send(GET)).toMatch(/^HTTP\/1.1 200 /);
    expect(client.send(GET)).toMatch(/^HTTP\/1.1 500 /);
    expect(lines()).toEqual([
      expect.stringMatching(/^warn A request could not be answered\. .*staticResponse gave a message/),
    ]);
  });

  it('of an outbound filter leaves that out', () => {
    const keep = kept();
    const filters = [outbound({ apply: ({ context }) => keep(context) })];
    const client = new Client({ filters, endpoint: text('fine') });

    expect(client.send(GET)).toMatch(/kept$/);
    expect(client.send(GET)).toMatch(/fine$/);
  });
});

describe('a response with the status of an interim one', () => {
  const interim = (context: HttpResponseMessage['context']) =>
    HttpResponseMessage.make(context, { status: 103 });

  it.each<[string, ClientSettings, string]>([
    [
      'static',
      {
        filters: [
          inbound({ apply: (_request, context) => void (context.staticResponse = interim(context)) }),
        ],
      },
      '500',
    ],
    ['of a filter', { filters: [outbound({ apply: (response) => void (response.status = 100) })] }, '200'],
    ['of an endpoint', { endpoint: endpoint((_request, context) => interim(context)) }, '500'],
  ])('is a failure, so that no client waits for another: %s', (_what, settings, status) => {
    const client = new Client({ endpoint: text('fine'), ...settings });

    expect(client.send(GET)).toContain(`HTTP/1.1 ${status} `);
    expect(client.send(GET)).toContain(`HTTP/1.1 ${status} `);
  });

  it('is a failure of a streaming endpoint too', () => {
    const { endpoint: streaming } = far((side) => side.respond({ status: 100 }));

    expect(new Client({ endpoint: streaming }).send(GET)).toMatch(/^HTTP\/1.1 500 /);
  });
});

describe('an endpoint that is not listed', () => {
  it('is a 500 whose reason is logged', () => {
    const { logger, lines } = recorder();
    const other = text('never');
    const client = new Client({
      filters: [inbound({ apply: (_request, context) => void (context.endpoint = other) })],
      logger,
    });

    expect(client.send(GET)).toMatch(/^HTTP\/1.1 500 /);
    expect(lines()).toEqual([
      expect.stringMatching(/^warn A request could not be answered\. .* is not among the filters/),
    ]);
  });
});

describe('a handler before the filters', () => {
  it('that fails with a request answers it with one 500, which outbound filters see, and is logged', () => {
    const { logger, lines } = recorder();
    const seen: number[] = [];
    const failing: ChannelHandler = {
      channelRead(ctx: ChannelHandlerContext, message: unknown) {
        if (message instanceof HttpRequest) throw new TypeError('no tenant');
        ctx.fireChannelRead(message);
      },
    };
    const filters = [outbound({ apply: ({ status }) => void seen.push(status) })];
    const client = new Client({ filters, endpoint: text('never'), early: [failing], logger });

    expect(client.send(GET)).toMatch(
      /^HTTP\/1.1 500 [^]*connection: close\r\n[^]*could not process[^]*\}\n$/,
    );
    expect(seen).toEqual([500]);
    expect(lines()).toEqual(['warn A handler failed. no tenant']);
    client.channel.clock.advance(5_000);
    expect(client.channel.isOpen).toBe(false);
  });

  it('is logged also where there is no request to answer', () => {
    const { logger, lines } = recorder();
    const client = new Client({ endpoint: text('fine'), logger });
    client.channel.pipeline.fireExceptionCaught(new TypeError('no'));

    expect(lines()).toEqual(['warn A handler failed. no']);
    expect(client.channel.isOpen).toBe(false);
  });

  it.each([
    Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' }),
    Object.assign(new Error('unexpected message'), { code: 'ERR_SSL_UNEXPECTED_MESSAGE' }),
  ])('is not blamed for what a client can cause: %s', (cause) => {
    const { logger, lines } = recorder();
    const client = new Client({ endpoint: text('fine'), logger });
    client.channel.pipeline.fireExceptionCaught(cause);

    expect(lines()).toEqual([`debug A client connection failed. ${cause.message}`]);
  });

  it('may pass on what the filters do not know: it goes on to the tail', () => {
    const unknown = { kind: 'unknown' };
    const changing: ChannelHandler = {
      channelRead: (ctx: ChannelHandlerContext, message: unknown) =>
        ctx.fireChannelRead(message instanceof HttpRequest ? unknown : message),
    };
    const client = new Client({ endpoint: text('never'), early: [changing] });
    client.send(GET);

    expect(client.channel.readInbound()).toBe(unknown);
  });
});

describe('the length of a response to HEAD', () => {
  const shout = outbound({
    needsBodyBuffered: () => true,
    apply: (response) => response.setBody(`${response.bodyAsText ?? ''}!!`.toUpperCase()),
  });

  it('is not told where a filter makes its body of what a GET would have got', () => {
    const { endpoint, sides } = far();
    const client = new Client({ filters: [shout], endpoint });
    client.send(HEAD);
    sides[0]?.respond({ framing: 'none', contentLength: 5 });
    sides[0]?.last();

    expect(client.received()).toMatch(
      /^HTTP\/1.1 200 OK\r\n(?![^]*content-length)(?![^]*transfer-encoding)[^]*\r\n\r\n$/,
    );
  });

  it('is told where a 204 has become a response with a body', () => {
    const { endpoint, sides } = far();
    const filled = outbound({
      needsBodyBuffered: () => true,
      apply(response) {
        response.status = 200;
        response.setBody('filled');
      },
    });
    const client = new Client({ filters: [filled], endpoint });
    client.send(GET);
    sides[0]?.respond({ status: 204, framing: 'none' });
    sides[0]?.last();

    expect(client.received()).toMatch(/^HTTP\/1.1 200 [^]*content-length: 6\r\n[^]*filled$/);
  });
});

function raise(cause: unknown): never {
  throw cause;
}

function answer(context: HttpResponseMessage['context']): HttpResponseMessage {
  return HttpResponseMessage.make(context, { status: 200, body: 'kept' });
}

/** A class as JavaScript without types may have it. */
function filter(options: object, members: object = { apply: () => {} }): unknown {
  class Mistaken {
    constructor() {
      Object.assign(this, members);
    }
  }
  Filter(options as { type: FilterKind })(Mistaken as never);
  return Mistaken;
}

/** A logger, and its lines with what they say of errors. */
function recorder(): { readonly logger: LogRecorder; readonly lines: () => string[] } {
  const logger = new LogRecorder();
  const textOf = ({ level, fields, message }: LogRecorder['entries'][number]): string => {
    const { err } = fields as { err?: Error };
    return [level, message, ...(err ? [err.message] : [])].join(' ');
  };
  return { logger, lines: () => logger.entries.map(textOf) };
}

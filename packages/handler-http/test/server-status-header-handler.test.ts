import { EmbeddedChannel } from '@sluice/core';
import { ServerStatusHeaderHandler } from '@sluice/handler-http';
import { describe, expect, it } from 'vitest';
import { fields, response } from './support.ts';

describe('ServerStatusHeaderHandler', () => {
  it('sets no field until a status is configured', () => {
    const sent = response();
    new EmbeddedChannel(new ServerStatusHeaderHandler()).writeOutbound(sent);

    expect(sent.headers.size).toBe(0);
  });

  it('sets the status of the moment, in place of what an origin has set', () => {
    let status: string | undefined = 'UP';
    const channel = new EmbeddedChannel(new ServerStatusHeaderHandler({ status: () => status }));
    const first = response({ headers: fields([['X-Instance-Status', 'other']]) });
    const second = response();
    channel.writeOutbound(first);
    status = 'OUT_OF_SERVICE';
    channel.writeOutbound(second);

    expect(first.headers.getAll('x-instance-status')).toEqual(['UP']);
    expect(second.headers.getAll('x-instance-status')).toEqual(['OUT_OF_SERVICE']);
  });

  it('uses the name that it is given', () => {
    const sent = response();
    const handler = new ServerStatusHeaderHandler({ headerName: 'x-status', status: () => 'UP' });
    new EmbeddedChannel(handler).writeOutbound(sent);

    expect(sent.headers.get('x-status')).toBe('UP');
  });

  it('leaves interim responses and everything else alone', () => {
    const interim = response({ status: 103, framing: 'none' });
    const channel = new EmbeddedChannel(new ServerStatusHeaderHandler({ status: () => 'UP' }));
    channel.writeOutbound(interim, 'other');

    expect(interim.headers.size).toBe(0);
    expect(channel.outboundMessages()).toEqual([interim, 'other']);
  });
});

import { HttpServerCodec } from '@sluice/codec-http';
import { handlerList } from '@sluice/core';
import { testGateway } from '@sluice/testing';
import { expect, it, onTestFinished } from 'vitest';

it('says of a message that nobody read which list it went through, and who would have read it', async () => {
  const gateway = await testGateway({ handlers: handlerList(HttpServerCodec) });
  onTestFinished(() => gateway.stop());

  gateway.connectRaw().send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  gateway.turn();

  expect(gateway.log.entries.find(({ message }) => message.startsWith('No handler read'))).toMatchObject({
    level: 'debug',
    fields: {
      channel: expect.stringMatching(/./),
      message: 'HttpRequest',
      handlers: ['http-server-codec'],
      lastReader: 'http-server-codec',
      reader: 'none of these handlers says that it reads HttpRequest; ClientRequestReceiver would',
    },
  });
});

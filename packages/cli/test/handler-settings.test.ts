import { HttpServerCodec, HttpServerCodecOptions } from '@sluice/codec-http';
import { IdleStateHandler } from '@sluice/handler-idle-state';
import { expect, it } from 'vitest';
import { parseHandlerOptions } from '../src/command-line/handler-settings.ts';

it('sets options of a handler, and leaves the others at their defaults', () => {
  const values = parseHandlerOptions(
    ['http-server-codec.maxHeadBytes=65536', 'http-server-codec.allowConnect=true'],
    [HttpServerCodec],
  );

  expect(values.get(HttpServerCodecOptions)).toEqual({
    ...new HttpServerCodecOptions(),
    maxHeadBytes: 65_536,
    allowConnect: true,
  });
});

it.each([
  ['http-server-codec', '--set takes HANDLER.OPTION=VALUE; got "http-server-codec".'],
  [
    'http-server-kodec.maxFields=1',
    'There is no handler "http-server-kodec". Did you mean "http-server-codec"?',
  ],
  ['http-server-codec.maxField=1', '"http-server-codec" has no option "maxField". Did you mean "maxFields"?'],
  ['http-server-codec.maxFields=many', '--set http-server-codec.maxFields=many: expected a number.'],
  [
    'http-server-codec.maxFields=257',
    '--set http-server-codec.maxFields=257: expected a number from 1 to 256.',
  ],
  ['idle-state.allIdleMs=-1', '--set idle-state.allIdleMs=-1: expected a number of at least 0.'],
])('refuses %s', (setting, message) => {
  expect(() => parseHandlerOptions([setting], [HttpServerCodec, IdleStateHandler])).toThrow(message);
});

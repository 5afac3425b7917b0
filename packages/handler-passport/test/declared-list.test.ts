import { HttpClientCodec, HttpServerCodec } from '@sluice/codec-http';
import { PipelineAssembler } from '@sluice/inject';
import { Container } from 'inversify';
import { expect, it } from 'vitest';
import {
  PassportLoggingHandler,
  PassportLoggingOptions,
  PassportStateHttpClientHandler,
  PassportStateHttpServerHandler,
  PassportStateOriginHandler,
  PassportStateServerHandler,
} from '@sluice/handler-passport';

it('can be declared in handler lists, under the names of the handlers', () => {
  const container = new Container({ autobind: true });
  container.bind(PassportLoggingOptions).toConstantValue({ ...new PassportLoggingOptions() });
  const server = [
    PassportStateServerHandler,
    HttpServerCodec,
    PassportStateHttpServerHandler,
    PassportLoggingHandler,
  ];
  const client = [PassportStateOriginHandler, HttpClientCodec, PassportStateHttpClientHandler];
  const names = [server, client].flatMap((list) => new PipelineAssembler(container, list).names);

  expect(names.filter((name) => name.startsWith('passport-'))).toEqual([
    'passport-state-server',
    'passport-state-http-server',
    'passport-logging',
    'passport-state-origin',
    'passport-state-http-client',
  ]);
});

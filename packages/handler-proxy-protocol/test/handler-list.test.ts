import { MaxInboundConnectionsHandler, SourceAddressChannelHandler } from '@sluice/handler-connection';
import {
  ElbProxyProtocolChannelHandler,
  ElbProxyProtocolOptions,
  TrustedPeers,
} from '@sluice/handler-proxy-protocol';
import { checkHandlerList, PipelineAssembler } from '@sluice/inject';
import { Container } from 'inversify';
import { expect, it } from 'vitest';
import { PeerChannel } from './peer-channel.ts';

const HANDLERS = [SourceAddressChannelHandler, ElbProxyProtocolChannelHandler, MaxInboundConnectionsHandler];

it('is off, and out of the pipeline, when nothing is bound', () => {
  const channel = new PeerChannel({ handlers: [{}] });
  new PipelineAssembler(new Container({ autobind: true }), HANDLERS).assemble(channel);

  expect(channel.pipeline.names().slice(1)).toEqual(['source-address', 'max-inbound-connections']);
});

it('takes the options that are bound', () => {
  const container = new Container({ autobind: true });
  const trustedPeers = new TrustedPeers(['10.0.0.0/8']);
  const options = { ...new ElbProxyProtocolOptions(), mode: 'required' as const, trustedPeers };
  container.bind(ElbProxyProtocolOptions).toConstantValue(options);
  const channel = new PeerChannel({ handlers: [{}] });
  new PipelineAssembler(container, HANDLERS).assemble(channel);
  channel.writeInbound(Buffer.from('PROXY UNKNOWN\r\nbytes'));

  expect(channel.received().toString()).toBe('bytes');
});

it('refuses a list in which the addresses of the balancer would replace those of the client', () => {
  expect(() => checkHandlerList([ElbProxyProtocolChannelHandler, SourceAddressChannelHandler])).toThrow(
    'ElbProxyProtocolChannelHandler must come after SourceAddressChannelHandler',
  );
});

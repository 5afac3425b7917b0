export {
  clientAddress,
  foldAddress,
  inetAddress,
  LOCAL_ADDR,
  LOCAL_ADDRESS,
  LOCAL_INET_ADDR,
  PEER_ADDR,
  REMOTE_ADDR,
  SERVER_LOCAL_ADDRESS,
  SERVER_LOCAL_PORT,
  setLocalAddress,
  setSourceAddress,
  SOURCE_ADDRESS,
  SOURCE_INET_ADDR,
} from './connection-addresses.ts';
export {
  CHANNEL_THROTTLED,
  CONNECTION_THROTTLED_EVENT,
  LISTENER_CONNECTIONS,
  MaxInboundConnectionsHandler,
  MaxInboundConnectionsOptions,
} from './max-inbound-connections-handler.ts';
export { isNetwork, Networks } from './networks.ts';
export { SourceAddressChannelHandler } from './source-address-channel-handler.ts';

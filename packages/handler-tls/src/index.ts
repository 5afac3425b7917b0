export { ApplicationProtocolNegotiationHandler } from './application-protocol-negotiation-handler.ts';
export { Certificate } from './certificate.ts';
export { CertificateExpiryOptions, CertificateExpiryWatch } from './certificate-expiry-watch.ts';
export type { CertificateExpiryServices } from './certificate-expiry-watch.ts';
export { CertificateWatcher, CertificateWatcherOptions } from './certificate-watcher.ts';
export type { CertificateReload } from './certificate-watcher.ts';
export { ClientSslContext } from './client-ssl-context.ts';
export { readClientFiles } from './client-ssl-files.ts';
export { ClientSslOptions } from './client-ssl-options.ts';
export { ServerSslContext } from './server-ssl-context.ts';
export { ServerSslOptions } from './server-ssl-options.ts';
export type { CertificateBundle, CertificateSource } from './server-ssl-options.ts';
export { SniCompletionEvent } from './sni-completion-event.ts';
export { SslCloseCompletionEvent } from './ssl-close-completion-event.ts';
export type { SslContext } from './ssl-context.ts';
export { SslHandlerOptions } from './ssl-handler-options.ts';
export { SslHandler } from './ssl-handler.ts';
export { SslHandshakeCompletionEvent } from './ssl-handshake-completion-event.ts';
export { SslHandshakeInfoHandler } from './ssl-handshake-info-handler.ts';
export { hasTls, schemeOf, SSL_HANDSHAKE_INFO } from './ssl-handshake-info.ts';
export type { ClientAuth, SslHandshakeInfo } from './ssl-handshake-info.ts';
export { TicketKeyRotation, TicketKeyRotationOptions } from './ticket-key-rotation.ts';
export { newTicketKeys } from './ticket-keys.ts';
export {
  ClientHelloTooLongError,
  CloseNotifyMissingError,
  isTlsAlert,
  isTlsError,
  NotSslRecordError,
  PeerCertificateError,
  PlainHttpError,
  SslHandshakeTimeoutError,
  TlsConfigError,
  UnknownServerNameError,
} from './tls-errors.ts';

import { SluiceError } from '@sluice/core';

/** The TLS settings can't work: a file that is missing, a key of another certificate. The message says what to do. */
export class TlsConfigError extends SluiceError {
  override readonly name = 'TlsConfigError';

  constructor(message: string, cause?: unknown) {
    super('SLUICE_TLS_CONFIG', message, { cause });
  }
}

/** A connection to a TLS port began with something else. */
export class NotSslRecordError extends SluiceError {
  override readonly name = 'NotSslRecordError';

  constructor() {
    super('SLUICE_TLS_NOT_A_RECORD', 'The connection does not begin with a TLS record.', {
      source: 'downstream',
    });
  }
}

/** A connection to a TLS port began with a plain HTTP request. */
export class PlainHttpError extends SluiceError {
  override readonly name = 'PlainHttpError';

  constructor() {
    super('SLUICE_TLS_PLAIN_HTTP', 'A plain HTTP request was sent to a TLS port.', { source: 'downstream' });
  }
}

/** The first message of a TLS client is longer than is allowed. */
export class ClientHelloTooLongError extends SluiceError {
  override readonly name = 'ClientHelloTooLongError';

  constructor(bytes: number, maxBytes: number) {
    super('SLUICE_TLS_HELLO_TOO_LONG', `A ClientHello of ${bytes} bytes; at most ${maxBytes} are taken.`, {
      source: 'downstream',
    });
  }
}

/** The handshake took too long. */
export class SslHandshakeTimeoutError extends SluiceError {
  override readonly name = 'SslHandshakeTimeoutError';

  constructor(timeoutMs: number) {
    super('SLUICE_TLS_HANDSHAKE_TIMEOUT', `The TLS handshake took longer than ${timeoutMs} ms.`);
  }
}

/** A connection has ended within TLS, without a close_notify: what came may not be all. Has the code of a reset, as which it counts. */
export class CloseNotifyMissingError extends Error {
  override readonly name = 'CloseNotifyMissingError';
  readonly code = 'ECONNRESET';

  constructor() {
    super('The peer has ended the connection without a close_notify of TLS: it may have been cut off.');
  }
}

/** The peer's certificate was not accepted; `reason` is OpenSSL's word for why, like `CERT_HAS_EXPIRED`. */
export class PeerCertificateError extends SluiceError {
  override readonly name = 'PeerCertificateError';
  readonly reason: string;

  constructor(reason: string, cause: Error) {
    super('SLUICE_TLS_PEER_CERTIFICATE', `The peer's certificate is not accepted: ${cause.message}`, {
      cause,
    });
    this.reason = reason;
  }
}

/** The server name that a client asks for has no certificate here. */
export class UnknownServerNameError extends SluiceError {
  override readonly name = 'UnknownServerNameError';

  constructor() {
    super('SLUICE_TLS_UNKNOWN_SERVER_NAME', 'There is no certificate for the server name of the client.', {
      source: 'downstream',
    });
  }
}

/** Whether the error comes from TLS itself, not from the connection under it. */
export function isTlsError(cause: unknown): boolean {
  const code = (cause as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && /^(?:ERR_SSL_|ERR_TLS_|SLUICE_TLS_)/.test(code);
}

/** Whether the peer has ended TLS with an alert, as for a certificate that it doesn't accept. */
export function isTlsAlert(cause: unknown): boolean {
  const code = (cause as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && /^ERR_SSL_.*_ALERT_/.test(code);
}

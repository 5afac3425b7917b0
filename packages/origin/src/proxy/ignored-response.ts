import { HttpKind } from '@sluice/codec-http';
import type { HttpContent } from '@sluice/codec-http';
import type { OriginOptions } from '../origin-options.ts';
import type { ConnectionBorrower, PooledConnection } from '../pool/pooled-connection.ts';

// More than this is not worth a connection.
const MAX_BYTES = 64 * 1024;

/**
 * Reads the rest of a response that is not wanted, because the request is sent again, so that its
 * connection can be kept; a large one costs the connection.
 */
export class IgnoredResponse implements ConnectionBorrower {
  readonly #connection: PooledConnection;
  #bytes = 0;

  constructor(connection: PooledConnection) {
    this.#connection = connection;
  }

  onContent(content: HttpContent): void {
    this.#bytes += content.data.length;
    this.#connection.touch();
    if (content.kind === HttpKind.last) this.#connection.release();
    else if (this.#bytes > MAX_BYTES) this.#connection.discard();
  }

  silenceLimitMs({ responseTimeoutMs }: OriginOptions): number {
    return responseTimeoutMs;
  }

  onSilence(): void {
    this.#connection.discard();
  }

  onReset(): void {
    this.#connection.discard();
  }

  onResponse(): void {}

  onTunnel(): void {}

  onReadComplete(): void {}

  onWritabilityChanged(): void {}
}

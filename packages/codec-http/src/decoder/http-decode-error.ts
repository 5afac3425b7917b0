import { SluiceError } from '@sluice/core';
import type { HttpDecodeFailure } from './decode-failures.ts';
import { DECODE_FAILURES } from './decode-failures.ts';

const BAD_GATEWAY = 502;

/** Why a peer's message was refused. Nothing of the message is in it, so that it can be logged and answered. */
export class HttpDecodeError extends SluiceError {
  override readonly name = 'HttpDecodeError';
  readonly reason: HttpDecodeFailure;
  /** The status to answer the client with. */
  readonly status: number;

  constructor(reason: HttpDecodeFailure, source: 'downstream' | 'upstream') {
    const [status, message] = DECODE_FAILURES[reason];
    super('SLUICE_HTTP_DECODE', message, { source });
    this.reason = reason;
    this.status = source === 'upstream' ? BAD_GATEWAY : status;
  }
}

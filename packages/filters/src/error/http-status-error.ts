import { inspect } from 'node:util';
import { HttpHeaders } from '@sluice/codec-http';
import type { HeaderFields } from '@sluice/codec-http';
import { SluiceError } from '@sluice/core';
import type { SluiceErrorOptions } from '@sluice/core';
import { wordsOfErrorType } from './response-flags.ts';
import type { ResponseFlag } from './response-flags.ts';
import { StatusCategory } from './status-category.ts';
import type { StatusCategoryName } from './status-category.ts';

const TOO_MANY_REQUESTS = 429;

export interface HttpStatusErrorOptions extends SluiceErrorOptions {
  /** Default: FAILURE_CLIENT_BAD_REQUEST for 4xx, FAILURE_LOCAL else. */
  readonly category?: StatusCategoryName;
  /** A stable short name for logs and `Proxy-Status`, in RFC 9209 terms where one fits. */
  readonly reason?: string;
  /** Envoy's flag for the access log. Default: the one that belongs to the reason, `RL` for a 429, or none. */
  readonly flag?: ResponseFlag;
  /** What made the status what it is, for the access log. Default: what belongs to the reason, or the reason. */
  readonly details?: string;
  /** Whether the connection may be used again after the answer. Default: true. */
  readonly keepAlive?: boolean;
  /** Fields of the response, like `Allow` of a 405. */
  readonly headers?: HeaderFields;
}

/** Ends a request with a status of one's own: what a filter or endpoint throws to refuse it. */
export class HttpStatusError extends SluiceError {
  override readonly name: string = 'HttpStatusError';
  readonly status: number;
  readonly category: StatusCategoryName;
  readonly reason: string;
  readonly flag: ResponseFlag | undefined;
  readonly details: string;
  readonly keepAlive: boolean;
  readonly headers: HttpHeaders;

  /**
   * `status` is from 400 to 599; throws a RangeError otherwise, and an InvalidHeaderError for a field that can't be
   * sent. `message` goes to the client as the detail of the problem; put nothing internal in it.
   */
  constructor(status: number, message: string, options: HttpStatusErrorOptions = {}) {
    super('SLUICE_HTTP_STATUS', message, options);
    if (!Number.isInteger(status) || status < 400 || status > 599)
      throw new RangeError(`${inspect(status)} is not the status of an error.`);
    this.status = status;
    this.category =
      options.category ??
      (status < 500 ? StatusCategory.FAILURE_CLIENT_BAD_REQUEST : StatusCategory.FAILURE_LOCAL);
    this.reason = options.reason ?? (status < 500 ? 'http_request_error' : 'proxy_internal_error');
    const words = wordsOfErrorType(this.reason);
    this.flag = options.flag ?? words?.flag ?? (status === TOO_MANY_REQUESTS ? 'RL' : undefined);
    this.details = options.details ?? words?.details ?? this.reason;
    this.keepAlive = options.keepAlive ?? true;
    this.headers = HttpHeaders.of(options.headers ?? []);
  }
}

import type { Channel } from '@sluice/core';

/** When a PassportLoggingHandler logs at `info` and whom it tells of broken exchanges. */
export class PassportLoggingOptions {
  /** From IN_REQ_HEADERS_RECEIVED to the last OUT_REQ_LAST_CONTENT_SENT, in ms. A longer one is slow. */
  readonly requestTimeThresholdMs: number = 1000;
  /** From the last IN_RESP_HEADERS_RECEIVED to the first end of the response, in ms. A longer one is slow. */
  readonly responseTimeThresholdMs: number = 1000;
  /** Lines at `info` in a second, of all connections together; those beyond are at `debug`, and counted in the next line at `info`. 0: all are at `debug`. */
  readonly maxInfoPerSecond: number = 10;
  /** The path of load balancers' probes, which are not logged unless they were proxied. */
  readonly healthcheckPath: string = '/healthcheck';
  /** Called for each proxied request whose response was not sent whole, or whose tunnel was reset: the place to count `server.http.session.incomplete`. */
  readonly onIncomplete: (channel: Channel) => void = () => {};
}

import { latin1Slice } from '../grammar/latin1.ts';
import type { HttpDecodeError } from '../decoder/http-decode-error.ts';
import { DecodedRequest, HttpRequest } from './http-request.ts';

/** What a client has sent of a head that was refused: as it came, each octet a character, and undefined where it did not get so far. */
export interface ReceivedHead {
  readonly method: string | undefined;
  /** May have any character but space and line ends, and may be cut off. */
  readonly target: string | undefined;
  /** What the first Host field says. */
  readonly authority: string | undefined;
  /** As in `HTTP/1.1`. */
  readonly protocol: string | undefined;
}

/** Octets of a head that are looked at. */
const MAX_RECEIVED_BYTES = 16 * 1024;

const REQUEST_LINE = /^([\w!#$%&'*+.^`|~-]+) ([^ \r\n]+)?(?: (HTTP\/\d\.\d)\r?\n)?/;
const HOST_LINE = /\nhost:[ \t]*([^\r\n]*?)[ \t]*\r?\n/i;

/**
 * Stands for a request whose head could not be read, so that it is answered, counted and logged
 * like any other. It is a GET of `/bad-request` to all that route and filter; what the client has
 * sent is for logs alone, for nobody has checked it.
 */
export class RefusedRequest extends HttpRequest {
  readonly received: ReceivedHead;

  /** `head`: the octets of the head that have come. */
  constructor(failure: HttpDecodeError, head: Buffer) {
    const init = new DecodedRequest();
    init.target = '/bad-request';
    init.failure = failure;
    super(init);
    this.received = receivedHead(head);
  }
}

function receivedHead(head: Buffer): ReceivedHead {
  const text = latin1Slice(head, 0, Math.min(head.length, MAX_RECEIVED_BYTES));
  const [, method, target, protocol] = REQUEST_LINE.exec(text) ?? [];
  const authority = HOST_LINE.exec(text)?.[1];
  return { method, target, authority: authority === '' ? undefined : authority, protocol };
}

import type { ListeningGateway } from '../gateway/listeners.ts';

const ENDLESS = 'x'.repeat(1_000);
const WHOLE_REQUEST = 'GET /small HTTP/1.1\r\nHost: load.test\r\n\r\n';
const UPLOAD = 'POST /small HTTP/1.1\r\nHost: load.test\r\nContent-Length: 100000\r\n\r\n';
/** A record that announces a ClientHello of 508 bytes (RFC 8446 §5.1, §4). */
const CLIENT_HELLO = `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03${'\0'.repeat(500)}`;

/** How a client is slow. */
export type SlowKind = {
  name: string;
  /** Which of the listeners it connects to. */
  listener: keyof Pick<ListeningGateway, 'set' | 'tls' | 'prefaced'>;
  /** Written at once; its time counts from then. */
  first: string;
  /** Whether the answer to `first` is waited for. */
  isAnswered: boolean;
  /** Written a byte at a time. */
  dribble: string;
  /** The handler option that ends it, as `name.option`, and its default in ms. */
  deadline: string;
  deadlineMs: number;
  /** Start of what it gets before it is closed; empty: nothing. */
  farewell: string;
};

/** Slow in each phase of a connection that takes bytes of a client. */
export const SLOW_KINDS: readonly SlowKind[] = [
  {
    name: 'head',
    listener: 'set',
    first: '',
    isAnswered: false,
    dribble: `GET /small HTTP/1.1\r\nHost: load.test\r\nx: ${ENDLESS}`,
    deadline: 'http-headers-timeout.timeoutMs',
    deadlineMs: 15_000,
    farewell: 'HTTP/1.1 408 ',
  },
  {
    name: 'head of a second request',
    listener: 'set',
    first: WHOLE_REQUEST,
    isAnswered: true,
    dribble: `GET /small HTTP/1.1\r\nHost: load.test\r\nx: ${ENDLESS}`,
    deadline: 'http-headers-timeout.timeoutMs',
    deadlineMs: 15_000,
    farewell: 'HTTP/1.1 408 ',
  },
  {
    name: 'body',
    listener: 'set',
    first: UPLOAD,
    isAnswered: false,
    dribble: ENDLESS,
    deadline: 'http-request-deadline.graceMs',
    deadlineMs: 10_000,
    farewell: 'HTTP/1.1 408 ',
  },
  {
    name: 'PROXY header',
    listener: 'prefaced',
    first: '',
    isAnswered: false,
    dribble: `PROXY TCP4 192.0.2.1 192.0.2.2 1000 443${ENDLESS}`,
    deadline: 'elb-proxy-protocol.timeoutMs',
    deadlineMs: 5_000,
    farewell: '',
  },
  {
    name: 'TLS handshake',
    listener: 'tls',
    first: '',
    isAnswered: false,
    dribble: CLIENT_HELLO,
    deadline: 'ssl.handshakeTimeoutMs',
    deadlineMs: 10_000,
    farewell: '',
  },
];

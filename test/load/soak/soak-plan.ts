import { targetOf, type Answer } from '../exchange/exchange-target.ts';
import { FAULT_NAMES } from '../exchange/fault.ts';
import { bodyOf } from '../exchange/noise.ts';
import type { Random } from './random.ts';

/** What a client does beside sending a request and reading the response. */
export type Conduct =
  | 'ordinary'
  /** Asks for the connection to be closed. */
  | 'close'
  /** Ends the connection after the response. */
  | 'leave'
  /** Sends the request in pieces, with pauses. */
  | 'in-pieces'
  /** Sends two more requests before the response. */
  | 'pipeline'
  /** Stops reading within the body, and goes on. */
  | 'read-slowly'
  /** Is gone before the response. */
  | 'abort-at-once'
  /** Is gone with the first bytes of the body. */
  | 'abort-in-body'
  /** Is gone within its own request. */
  | 'abort-in-request';

/** One exchange: what is asked for, and how the client behaves. */
export type SoakPlan = { answer: Answer; isChunkedRequest: boolean; conduct: Conduct };

const CONDUCTS: readonly (readonly [Conduct, share: number])[] = [
  ['leave', 0.05],
  ['close', 0.03],
  ['in-pieces', 0.03],
  ['pipeline', 0.03],
  ['abort-at-once', 0.01],
  ['abort-in-body', 0.005],
  ['abort-in-request', 0.005],
  ['read-slowly', 0.002],
];
const POST_SHARE = 0.25;
const DELAY_SHARE = 0.02;
const MAX_DELAY_MS = 200;
const LARGE_BYTES = 1_048_576;
/** So that there is a half of it. */
const LEAST_CUT_BYTES = 1_000;

/** Decides the next exchange. */
export function nextPlan(random: Random, token: number, faultShare: number): SoakPlan {
  const conduct = nextConduct(random);
  const isFaulty = random.happens(faultShare) && !conduct.startsWith('abort') && conduct !== 'pipeline';
  const [first = 'none', ...others] = FAULT_NAMES;
  const fault = isFaulty ? random.pick([first, ...others]) : 'none';
  const isPost = conduct === 'abort-in-request' || fault === 'early' || random.happens(POST_SHARE);
  const answer: Answer = {
    token,
    bytes: responseBytes(random, conduct, fault.endsWith('in-body')),
    framing: random.pick(['length', 'length', 'chunked', 'close']),
    fault,
    delayMs: random.happens(DELAY_SHARE) ? random.upTo(MAX_DELAY_MS) : 0,
    requestBytes: isPost && conduct !== 'pipeline' ? 1 + requestBytes(random) : 0,
  };
  return { answer, isChunkedRequest: random.happens(0.5), conduct };
}

/** The bytes of its request, in pieces. */
export function requestOf({ answer, isChunkedRequest, conduct }: SoakPlan): Buffer[] {
  const { token, requestBytes } = answer;
  const head = [
    `${requestBytes > 0 ? 'POST' : 'GET'} ${targetOf(answer)} HTTP/1.1`,
    'Host: load.test',
    ...(conduct === 'close' ? ['Connection: close'] : []),
  ];
  if (requestBytes > 0)
    head.push(isChunkedRequest ? 'Transfer-Encoding: chunked' : `Content-Length: ${requestBytes}`);
  const headBytes = Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1');
  if (requestBytes === 0) return [headBytes];
  const body = bodyOf(token, requestBytes);
  return [headBytes, ...(isChunkedRequest ? chunked(body) : body)];
}

function nextConduct(random: Random): Conduct {
  let at = random.next();
  for (const [conduct, share] of CONDUCTS) {
    at -= share;
    if (at < 0) return conduct;
  }
  return 'ordinary';
}

function responseBytes(random: Random, conduct: Conduct, isCut: boolean): number {
  if (conduct === 'read-slowly' || conduct === 'abort-in-body') return LARGE_BYTES;
  const bytes = random.upTo(random.pick([200, 2_000, 2_000, 2_000, 20_000, 20_000, 60_000, 200_000]));
  return isCut ? Math.max(LEAST_CUT_BYTES, bytes) : bytes;
}

function requestBytes(random: Random): number {
  return random.upTo(random.pick([100, 2_000, 2_000, 2_000, 20_000, 200_000]));
}

function chunked(pieces: readonly Buffer[]): Buffer[] {
  const chunks = pieces.flatMap((piece) => [
    Buffer.from(`${piece.length.toString(16)}\r\n`),
    piece,
    Buffer.from('\r\n'),
  ]);
  return [...chunks, Buffer.from('0\r\n\r\n')];
}

import { isIPv4, SocketAddress } from 'node:net';
import type { ProxyCase } from '../case/proxy-case.ts';
import { valuesOf } from '../wire/head.ts';
import type { UpstreamRequest } from '../wire/origin-connection.ts';
import type { ProxyObservation, Verdict } from './observation.ts';
import { quote } from './quote.ts';

/** The peer of the gateway, whose address stands where a header names none. */
const PEER = '127.0.0.1';
const MAPPED_IPV4 = /^::ffff:(?<ipv4>\d+\.\d+\.\d+\.\d+)$/;

/** Judges what became of a PROXY protocol header, and of the bytes behind it. */
export function judgeProxy(testCase: ProxyCase, seen: ProxyObservation): Verdict {
  const failures = judgeOutcome(testCase, seen);
  const { otherConnection: next } = seen;
  if (!next.isOwnAnswer) failures.push(`the next connection got ${next.saw}`);
  return { failures, notes: [] };
}

function judgeOutcome(testCase: ProxyCase, seen: ProxyObservation): string[] {
  if (testCase.expect === 'accept') return judgeAccepted(testCase, seen);
  return testCase.reject_by === 'http' ? judgeNoHttp(seen) : judgeRefused(seen);
}

function judgeAccepted(testCase: ProxyCase, seen: ProxyObservation): string[] {
  if (!isRequest(testCase)) return judgeNoHttp(seen);
  const [request, ...more] = requestsOf(seen);
  if (!request) return [`accepted, but no request came through: ${describe(seen)}`];
  const failures = more.length > 0 ? [`${more.length + 1} requests came through`] : [];
  if (seen.client.responses[0]?.status !== 200) failures.push(`expected 200, ${describe(seen)}`);
  const due = testCase.src ?? PEER;
  const [client = ''] = valuesOf(request.head.fields, 'x-forwarded-for');
  if (plain(client) !== plain(due)) failures.push(`expected ${due} as client, the origin was told ${client}`);
  return failures;
}

/** Nothing may be handed on, and nothing said. */
function judgeRefused(seen: ProxyObservation): string[] {
  const failures: string[] = [];
  if (seen.client.end === 'open') failures.push('the connection was not closed');
  if (seen.client.received !== '') failures.push(`expected a close without a word, ${describe(seen)}`);
  if (requestsOf(seen).length > 0) failures.push('a request came through');
  return failures;
}

/** What was handed on is no request: the codec behind says so. */
function judgeNoHttp(seen: ProxyObservation): string[] {
  const isRefused = seen.client.responses[0]?.status === 400 && seen.client.end !== 'open';
  const failures = isRefused ? [] : [`expected 400 and a close, ${describe(seen)}`];
  if (requestsOf(seen).length > 0) failures.push('a request came through');
  return failures;
}

/** Whether a request stands behind the header, or is to be sent there by the runner. */
export function isRequest({ leftover_hex: leftover = '' }: ProxyCase): boolean {
  return leftover === '' || Buffer.from(leftover, 'hex').toString('latin1').startsWith('GET ');
}

function requestsOf({ upstream }: ProxyObservation): readonly UpstreamRequest[] {
  return upstream.flatMap(({ requests }) => requests);
}

function describe({ client }: ProxyObservation): string {
  return `got ${quote(client.received)}, the connection is ${client.end}`;
}

/** One spelling for each address; that of an IPv4 address in an IPv6 one too. */
function plain(text: string): string {
  if (isIPv4(text)) return text;
  const { address } = new SocketAddress({ address: text, family: 'ipv6' });
  return MAPPED_IPV4.exec(address)?.groups?.['ipv4'] ?? address;
}

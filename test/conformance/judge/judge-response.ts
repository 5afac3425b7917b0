import type { ResponseNote } from '../case/case-notes.ts';
import { responseNotes } from '../case/case-notes.ts';
import type { ClientFacts, ResponseCase } from '../case/response-case.ts';
import { valuesOf } from '../wire/head.ts';
import type { ReceivedResponse } from '../wire/raw-client.ts';
import { missingFields, presentFields } from './field-facts.ts';
import type { ResponseObservation, Verdict } from './observation.ts';
import { quote } from './quote.ts';

/** Interim responses that a proxy may pass on for one request. */
const MAX_INTERIM = 32;

/** Decides whether the proxy did with a response case what the hard bar asks. */
export function judgeResponse(testCase: ResponseCase, seen: ResponseObservation): Verdict {
  const outcome = testCase.prefer ?? testCase.expect;
  const main = outcome === '502' ? judgeRefused(testCase, seen) : judgePassed(testCase, seen);
  const alternative = main.length > 0 ? judgeAlternative(testCase, seen) : undefined;
  const tookAlternative = alternative?.length === 0;
  const notes = tookAlternative ? [`answered with the alternative "${testCase.alt}"`] : [];
  const wasted = testCase.upstream_reuse === true && seen.spent.some(({ isClosed }) => isClosed);
  return {
    failures: [...(tookAlternative ? [] : main), ...judgeAfter(testCase, seen)],
    notes: wasted ? [...notes, 'the upstream connection could have been reused'] : notes,
  };
}

function judgeAlternative(testCase: ResponseCase, seen: ResponseObservation): readonly string[] | undefined {
  if (testCase.alt === undefined) return undefined;
  return testCase.alt === '502'
    ? judgeRefused(testCase, seen)
    : judgeAborted(seen, testCase.client_sees?.status);
}

function judgePassed(testCase: ResponseCase, seen: ResponseObservation): readonly string[] {
  const facts = testCase.client_sees;
  if (!facts) return ['the case does not say what the client sees'];
  const kind = testCase.on_pass;
  if (kind === 'abort') return [...judgeAborted(seen, facts.status), ...judgeBytes(facts, seen)];
  return kind === 'tunnel' ? judgeTunnel(facts, seen) : judgeRelayed(testCase, facts, seen);
}

/** The answer of the proxy's own to a response it would not pass on. */
function judgeRefused(
  { expect_status: statuses = [502] }: ResponseCase,
  { client }: ResponseObservation,
): readonly string[] {
  const [response, ...more] = client.responses;
  if (!response) return [`no response, not ${statuses.join(' or ')}`];
  if (more.length > 0) return [`a second response, ${more.map(({ status }) => status).join(', ')}`];
  if (!statuses.includes(response.status))
    return [`response ${response.status}, not ${statuses.join(' or ')}`];
  return response.complete ? [] : ['the error response is not complete'];
}

/** RFC 9112 §8: what was cut short upstream must look cut short downstream. */
function judgeAborted({ client }: ResponseObservation, status: number | undefined): readonly string[] {
  const [response, ...more] = client.responses;
  if (!response) return ['no response head was relayed'];
  if (more.length > 0) return [`a second response, ${more.map((other) => other.status).join(', ')}`];
  return [
    ...(response.status === status ? [] : [`response ${response.status}, not ${status}`]),
    ...(response.complete ? ['an incomplete response was shown as complete'] : []),
    ...(client.end === 'open' ? ['the connection was not closed after an incomplete response'] : []),
  ];
}

function judgeTunnel(facts: ClientFacts, { client }: ResponseObservation): readonly string[] {
  const [response] = client.responses;
  if (response?.status !== facts.status)
    return [`response ${response?.status ?? 'none'}, not ${facts.status}`];
  const expected = facts.tunnel_bytes ?? '';
  return client.tunnel === expected ? [] : [`tunnel bytes ${quote(client.tunnel)}, not ${quote(expected)}`];
}

function judgeRelayed(
  testCase: ResponseCase,
  facts: ClientFacts,
  seen: ResponseObservation,
): readonly string[] {
  const [response, ...more] = seen.client.responses;
  if (!response) return [`no response, not ${facts.status}`];
  return [
    ...(response.status === facts.status ? [] : [`response ${response.status}, not ${facts.status}`]),
    ...(response.complete ? [] : ['the response is not complete']),
    ...(facts.body === undefined || response.body === facts.body
      ? []
      : [`body ${quote(response.body)}, not ${quote(facts.body)}`]),
    ...(more.length > 0 ? [`a second response, ${more.map(({ status }) => status).join(', ')}`] : []),
    ...(facts.tunnel === false && seen.client.tunnel !== '' ? ['a tunnel was opened'] : []),
    ...judgeInterim(facts, seen),
    ...judgeHead(facts, response, responseNotes.get(testCase.id) ?? {}),
    ...judgeBytes(facts, seen),
  ];
}

function judgeHead(facts: ClientFacts, response: ReceivedResponse, note: ResponseNote): readonly string[] {
  const { startLine, fields } = response.head;
  const disregarded = new Set(note.disregard);
  const absent = [
    ...(facts.headers_absent ?? []),
    ...(facts.head_absent ?? []),
    ...(note.headersAbsent ?? []),
  ];
  const unwanted = absent.filter((fact) => !disregarded.has(fact));
  return [
    ...(facts.version === undefined || startLine.startsWith(`${facts.version} `)
      ? []
      : [`status line ${quote(startLine)}`]),
    ...missingFields(fields, facts.headers_present ?? []).map((fact) => `client did not see ${quote(fact)}`),
    ...presentFields(fields, unwanted).map((fact) => `client saw ${quote(fact)}`),
    ...presentFields(response.trailers, facts.trailers_absent ?? []).map(
      (fact) => `client saw trailer ${quote(fact)}`,
    ),
    ...Object.entries(facts.header_count ?? {})
      .filter(([name, times]) => valuesOf(fields, name).length !== times)
      .map(([name, times]) => `client saw ${name} ${valuesOf(fields, name).length} times, not ${times}`),
  ];
}

function judgeInterim({ interim }: ClientFacts, { client }: ResponseObservation): readonly string[] {
  if (interim === undefined || interim.join() === client.interim.join()) return [];
  return [`interim responses ${client.interim.join(', ') || 'none'}, not ${interim.join(', ')}`];
}

function judgeBytes(
  { bytes_absent: forbidden = [] }: ClientFacts,
  { client }: ResponseObservation,
): readonly string[] {
  return forbidden
    .filter((text) => client.received.includes(text))
    .map((text) => `client saw the bytes ${quote(text)}`);
}

/** Rules for every case: the pool, the next request, and no request sent twice that may not be. */
function judgeAfter(testCase: ResponseCase, seen: ResponseObservation): readonly string[] {
  const { client, next, spent, nextConnections } = seen;
  const isOnce = testCase.request_method === 'POST' && seen.timesForwarded > 1;
  const reused = spent.some(({ connection }) => nextConnections.includes(connection));
  const isForbidden = testCase.upstream_reuse === false;
  return [
    ...(client.malformed === undefined ? [] : [`the client saw malformed bytes: ${client.malformed}`]),
    ...(next.isOwnAnswer ? [] : [`the next request got ${next.saw}`]),
    ...(isForbidden && reused ? ['the upstream connection was used again'] : []),
    ...(isForbidden && spent.some(({ isClosed }) => !isClosed)
      ? ['the upstream connection was not closed']
      : []),
    ...(isOnce ? [`the origin saw the POST ${seen.timesForwarded} times`] : []),
    ...(client.interim.length > MAX_INTERIM
      ? [`${client.interim.length} interim responses were passed on`]
      : []),
  ];
}

import { requestNotes } from '../case/case-notes.ts';
import type { RequestCase } from '../case/request-case.ts';
import type { UpstreamRequest } from '../wire/origin-connection.ts';
import type { ReceivedResponse } from '../wire/raw-client.ts';
import type { Expectation, MessageExpectation } from './expectation.ts';
import { expectationOf } from './expectation.ts';
import { judgeForward } from './judge-forward.ts';
import { judgeConnection, judgeUpstream } from './judge-request-rules.ts';
import type { RequestObservation, Verdict } from './observation.ts';
import { quote } from './quote.ts';

/** Decides whether the proxy did with a request case what the hard bar asks. */
export function judgeRequest(testCase: RequestCase, seen: RequestObservation): Verdict {
  const failures = judgeAs(testCase, expectationOf(testCase), seen);
  if (failures.length === 0 || testCase.safe_alt === undefined) return { failures, notes: [] };
  const refusal = judgeAs(testCase, refusalOf(testCase), seen);
  return refusal.length === 0
    ? { failures: [], notes: ['refused, which is safe here'] }
    : { failures, notes: [] };
}

function refusalOf(testCase: RequestCase): Expectation {
  const statuses = testCase.expect_status ?? [];
  const refused: MessageExpectation = { kind: 'refused', statuses, silentOk: false };
  return { messages: [refused], refuses: true, connectionAfter: 'close' };
}

function judgeAs(testCase: RequestCase, expected: Expectation, seen: RequestObservation): readonly string[] {
  return [
    ...judgeMessages(testCase, expected, seen),
    ...judgeUpstream(testCase, expected, seen),
    ...judgeConnection(testCase, expected, seen),
  ];
}

/** Pairs the messages of the case with responses and upstream requests, in order. */
function judgeMessages(
  testCase: RequestCase,
  expected: Expectation,
  { client, upstream }: RequestObservation,
): readonly string[] {
  const note = requestNotes.get(testCase.id) ?? {};
  const responses = [...client.responses];
  // The proxy may send a later message on a connection that is older.
  const requests = upstream
    .flatMap((record) => record.requests)
    .toSorted((one, other) => one.arrival - other.arrival);
  const failures: string[] = [];
  for (const message of expected.messages) {
    if (message.kind !== 'forwarded') {
      failures.push(...judgeAnswer(message, responses.shift()));
      continue;
    }
    const response = responses.shift();
    if (response && requests.length === 0 && message.localAnswer.includes(response.status)) continue;
    const request = requests.shift();
    failures.push(...judgeForwarded(testCase, message, request, response));
    if (request) failures.push(...judgeForward(message.facts, request, note));
  }
  return [
    ...failures,
    ...judgeSurplus(requests, responses, note.extraRequests ?? 0),
    ...judgeSequence(client),
  ];
}

function judgeForwarded(
  { upstream_behavior: behavior }: RequestCase,
  { facts }: MessageExpectation & { kind: 'forwarded' },
  request: UpstreamRequest | undefined,
  response: ReceivedResponse | undefined,
): readonly string[] {
  if (facts.complete === false) return request ? ['a request without its end was completed upstream'] : [];
  const status = behavior === '101-websocket' ? 101 : 200;
  const failures: string[] = [];
  if (!request) failures.push('the request did not reach the origin');
  if (!response) failures.push('no response');
  else if (response.status !== status) failures.push(`response ${response.status}, not ${status}`);
  else if (status === 200) failures.push(...judgeRelayed(request, response));
  return failures;
}

function judgeRelayed(request: UpstreamRequest | undefined, response: ReceivedResponse): readonly string[] {
  const body = request?.method === 'HEAD' ? '' : 'ok';
  if (!response.complete) return ['the response is not complete'];
  return response.body === body ? [] : [`response body ${quote(response.body)}, not ${quote(body)}`];
}

/** An answer of the proxy's own: an error, or the 200 to a TRACE that may go no further. */
function judgeAnswer(
  expected: Exclude<MessageExpectation, { kind: 'forwarded' }>,
  response: ReceivedResponse | undefined,
): readonly string[] {
  if (!response) return expected.silentOk ? [] : ['closed or stalled without a response'];
  const isExpected =
    expected.statuses.length === 0 ? response.status >= 400 : expected.statuses.includes(response.status);
  if (!isExpected)
    return [`response ${response.status}, not ${expected.statuses.join(' or ') || 'an error'}`];
  return response.complete ? [] : ['the response is not complete'];
}

function judgeSurplus(
  requests: readonly UpstreamRequest[],
  responses: readonly ReceivedResponse[],
  allowed: number,
): readonly string[] {
  const failures: string[] = [];
  if (requests.length > allowed) {
    const lines = requests.map(({ head }) => quote(head.startLine, 60)).join(', ');
    failures.push(`the origin saw more complete requests than it may: ${lines}`);
  }
  if (responses.length > allowed) {
    failures.push(`more responses than messages: ${responses.map(({ status }) => status).join(', ')}`);
  }
  return failures;
}

/** The origin numbers its answers, so that two pipelined ones cannot change places unseen. */
function judgeSequence({ responses }: RequestObservation['client']): readonly string[] {
  const numbers = responses.flatMap(({ head }) =>
    head.fields.filter(({ name }) => name === 'x-origin-sequence').map(({ value }) => Number(value)),
  );
  const inOrder = numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? 0));
  return inOrder ? [] : [`responses out of order: ${numbers.join(', ')}`];
}

import type { RequestNote } from '../case/case-notes.ts';
import type { ForwardFacts } from '../case/request-case.ts';
import { valuesOf } from '../wire/head.ts';
import type { UpstreamRequest } from '../wire/origin-connection.ts';
import { missingFields, presentFields } from './field-facts.ts';
import { quote } from './quote.ts';

/** Compares a request that reached the origin with the facts of its case. */
export function judgeForward(
  facts: ForwardFacts,
  request: UpstreamRequest,
  note: RequestNote = {},
): readonly string[] {
  return [
    ...differs('method', facts.method, request.method),
    ...differs('target', facts.target, request.target),
    ...differs('version', facts.version, request.version),
    ...differs('host', facts.host, valuesOf(request.head.fields, 'host').join(' | ')),
    ...differs('body', facts.body, request.body),
    ...judgeFraming(facts, request),
    ...judgeFields(facts, request, note),
  ];
}

function differs(what: string, expected: string | undefined, found: string): readonly string[] {
  if (expected === undefined || expected === found) return [];
  return [`origin saw ${what} ${quote(found)}, not ${quote(expected)}`];
}

// The reader of the origin refuses two framing fields, so `any` asks for one to be there.
function judgeFraming({ framing }: ForwardFacts, request: UpstreamRequest): readonly string[] {
  const isFramed = request.framing !== 'none';
  if (framing === 'none' && isFramed) return [`origin saw framing "${request.framing}", not none`];
  if (framing === 'any' && !isFramed) return ['origin saw no framing field'];
  return [];
}

function judgeFields(facts: ForwardFacts, request: UpstreamRequest, note: RequestNote): readonly string[] {
  const { fields } = request.head;
  const disregarded = new Set(note.disregard);
  const absent = [...(facts.headers_absent ?? []), ...(facts.header_values_absent ?? [])]
    .filter((fact) => !disregarded.has(fact))
    // A chunked body may go on with the length that was counted: one framing field, not the client's.
    .filter((fact) => !(facts.framing === 'any' && fact === 'content-length'));
  return [
    ...missingFields(fields, facts.headers_present ?? []).map((fact) => `origin did not see ${quote(fact)}`),
    ...presentFields(fields, absent).map((fact) => `origin saw ${quote(fact)}`),
    ...presentFields(request.trailers, facts.trailers_absent ?? []).map(
      (fact) => `origin saw trailer ${quote(fact)}`,
    ),
    ...judgeOrder(request, note.inOrder),
  ];
}

function judgeOrder(request: UpstreamRequest, order: RequestNote['inOrder']): readonly string[] {
  if (!order) return [];
  const found = valuesOf(request.head.fields, order.field).flatMap((value) => value.split(/[;,] */));
  const wanted = order.values.join(', ');
  return found.join(', ') === wanted ? [] : [`origin saw ${order.field} ${quote(found.join(', '))}`];
}

import type { ForwardFacts, RequestCase } from '../case/request-case.ts';
import { requestNotes } from '../case/case-notes.ts';

/** What one message of a case must lead to. */
export type MessageExpectation =
  | { readonly kind: 'forwarded'; readonly facts: ForwardFacts; readonly localAnswer: readonly number[] }
  | { readonly kind: 'local'; readonly statuses: readonly number[]; readonly silentOk: boolean }
  | { readonly kind: 'refused'; readonly statuses: readonly number[]; readonly silentOk: boolean };

/** A request case under the hard bar, where `prefer` stands for `expect`. */
export interface Expectation {
  readonly messages: readonly MessageExpectation[];
  /** Whether a message must be refused, after which the connection is closed. */
  readonly refuses: boolean;
  readonly connectionAfter: 'close' | 'keep-alive' | 'any';
}

/** Works out what a case asks for. */
export function expectationOf(testCase: RequestCase): Expectation {
  const messages = messagesOf(testCase);
  const refuses = messages.some(({ kind }) => kind === 'refused');
  return { messages, refuses, connectionAfter: refuses ? 'close' : testCase.connection_after };
}

function messagesOf(testCase: RequestCase): readonly MessageExpectation[] {
  const statuses = testCase.expect_status ?? [];
  const silentOk = testCase.silent_close_ok ?? false;
  const localAnswer = requestNotes.get(testCase.id)?.localAnswer ?? [];
  if ((testCase.prefer ?? testCase.expect) === 'reject') return [{ kind: 'refused', statuses, silentOk }];
  if (testCase.forward_count === 0) return [{ kind: 'local', statuses, silentOk }];
  const first = testCase.forward ?? {};
  if (!testCase.messages) return [{ kind: 'forwarded', facts: first, localAnswer }];
  return testCase.messages.map((message, index) =>
    message.expect === 'reject'
      ? { kind: 'refused', statuses: message.expect_status ?? [], silentOk: false }
      : { kind: 'forwarded', facts: message.forward ?? (index === 0 ? first : {}), localAnswer: [] },
  );
}

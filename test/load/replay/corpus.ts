import { loadProxyCases, loadRequestCases, loadResponseCases } from '../../conformance/case/case-files.ts';
import type { ResponseCase } from '../../conformance/case/response-case.ts';
import type { ListeningGateway } from '../gateway/listeners.ts';

/** Where requests go whose answers are hostile: the place of the case stands behind it. */
export const HOSTILE_PREFIX = '/hostile/';

/** What a client sends for one case of the conformance corpus, and to which listener. */
export type CorpusEntry = {
  id: string;
  listener: keyof Pick<ListeningGateway, 'plain' | 'prefaced'>;
  bytes: Buffer;
};

/** Every case: hostile requests, requests with hostile answers, and PROXY headers. */
export function corpus(): readonly CorpusEntry[] {
  return [
    ...loadRequestCases().map(({ id, raw }) => entry(id, 'plain', Buffer.from(raw, 'latin1'))),
    ...loadResponseCases().map((one, at) => entry(one.id, 'plain', requestFor(one, at))),
    ...loadProxyCases().map(({ id, hex }) => entry(id, 'prefaced', Buffer.from(hex, 'hex'))),
  ];
}

function entry(id: string, listener: CorpusEntry['listener'], bytes: Buffer): CorpusEntry {
  return { id, listener, bytes };
}

function requestFor({ request_method: method }: ResponseCase, at: number): Buffer {
  const head = `${method} ${HOSTILE_PREFIX}${at} HTTP/1.1\r\nHost: load.test\r\n`;
  return Buffer.from(method === 'POST' ? `${head}Content-Length: 5\r\n\r\nhello` : `${head}\r\n`);
}

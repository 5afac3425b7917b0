import { readFileSync } from 'node:fs';
import { serverHandlers } from '@sluice/cli';
import { AccessLog, jsonFormat } from '@sluice/handler-access-log';
import { testGateway } from '@sluice/testing';
import { ContainerModule } from 'inversify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { globSync } from '../../../tools/glob-sync.ts';
import { GET } from './local-reply.ts';
import type { LocalReply } from './local-reply.ts';
import { REPLIES_OF_BUILTIN_FILTERS } from './replies-of-builtin-filters.ts';
import { REPLIES_OF_FILTERS } from './replies-of-filters.ts';
import { REPLIES_OF_HANDLERS } from './replies-of-handlers.ts';
import { REPLIES_OF_ORIGINS } from './replies-of-origins.ts';

const REPLIES = [
  ...REPLIES_OF_HANDLERS,
  ...REPLIES_OF_FILTERS,
  ...REPLIES_OF_BUILTIN_FILTERS,
  ...REPLIES_OF_ORIGINS,
];
/** The listener of the operator has no access log, and is the origin of what it says. */
const SOURCES = globSync('packages', /^packages\/(?!admin|testing|cli).*\/src\/.*\.ts$/);
/** Every `new HttpResponse`: read from the wire, made in one of two ways, or no answer to a request. */
const MAKERS = [
  'codec-http/src/decoder/http-response-decoder.ts',
  'codec-http/src/decoder/http-response-decoder.ts',
  'filters/src/message/http-response-message.ts',
  'filters/src/pipeline/request-processor.ts',
  'handler-http/src/lifecycle/local-reply.ts',
  'origin/src/proxy/connect-tunnel.ts',
];
const DETAILS = [
  /\bdetails: '(?<word>[^']+)'/g,
  /responseCodeDetails (?:\?\?)?= '(?<word>[^']+)'/g,
  /[|=] '(?<word>(?:body|request|pipelined)_\w+)'/g,
  /answerLocally\(context, '(?<word>[^']+)'/g,
  /reason: '(?<word>http_request_denied|http_body_too_large)'/g,
];

const WORDS = wordsOfSources();

describe('a local reply', () => {
  it.each(REPLIES.map((reply) => [reply.details, reply.status, reply] as const))(
    'tells of %s with its %i, in Proxy-Status and the access log',
    async (details, status, reply) => {
      const { answer, line } = await run(reply);

      expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `, 'm'));
      expect(answer).toMatch(new RegExp(`^proxy-status: sluice; error=${reply.error}\r$`, 'im'));
      expect(line).toMatchObject({ status, responseCodeDetails: details, answeredBy: expect.any(String) });
    },
  );

  it('can be made in these places alone', () => {
    const makers = SOURCES.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\bnew HttpResponse\(/g)].map(() =>
        file.replace('packages/', ''),
      ),
    );

    expect(makers).toEqual(MAKERS);
  });

  it('has been run for each word that tells why', () => {
    const run = new Set(REPLIES.map(({ details }) => wordOf(details)));

    expect(WORDS.filter((word) => !run.has(word))).toEqual([]);
  });

  it('has a row for each of these words in docs/errors.md, and no row for one that is gone', () => {
    const [, section = ''] = readFileSync('docs/errors.md', 'utf8').split(
      '## Why a response was made here\n',
    );
    const rows = [
      ...section.matchAll(
        /^\| `(?<word>[a-z_]+(?:\{[a-z_]+\})?)` +\| (?<status>any|[\d, ]+?) +\| +(?<error>[\w ]+?) +\|/gm,
      ),
    ];

    expect(rows.map(({ groups }) => groups?.['word'])).toEqual(WORDS);
    for (const { details, status, error } of REPLIES) {
      const row = rows.find(({ groups }) => groups?.['word'] === wordOf(details))?.groups;
      if (row === undefined) continue;
      if (row['status'] !== 'any') expect(row['status']?.split(', '), details).toContain(String(status));
      expect(row['error']?.split(' or '), details).toContain(error);
    }
  });
});

async function run({ declaration = {}, bytes = GET, before, afterwards }: LocalReply) {
  const lines: string[] = [];
  const accessLog = new AccessLog(jsonFormat(), { write: (line) => void lines.push(line) });
  const gateway = await testGateway({
    handlers: serverHandlers,
    ...declaration,
    modules: [
      ...(declaration.modules ?? []),
      new ContainerModule(({ bind }) => void bind(AccessLog).toConstantValue(accessLog)),
    ],
  });
  onTestFinished(() => gateway.stop());
  before?.(gateway);
  const client = gateway.connectRaw();
  client.send(bytes);
  gateway.turn();
  afterwards?.(gateway);
  await gateway.settle();
  const answers = client.received.split(/(?=^HTTP\/1)/m);
  const line = lines.at(-1);
  return {
    answer: answers.at(-1) ?? '',
    line: line === undefined ? undefined : (JSON.parse(line) as Readonly<Record<string, unknown>>),
  };
}

/** Without the filter or endpoint behind it. */
function wordOf(details: string): string {
  return WORDS.includes(details) ? details : details.replace(/\{.*\}$/, '');
}

function wordsOfSources(): readonly string[] {
  const words = SOURCES.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    return DETAILS.flatMap((pattern) =>
      [...text.matchAll(pattern)].map(({ groups }) => groups?.['word'] ?? ''),
    );
  });
  expect(words.length).toBeGreaterThan(40);
  // What an origin answered is no local reply.
  const local = words.filter((word) => word !== 'via_upstream');
  return [...new Set(local.map((word) => word.replaceAll('-', '_')))].toSorted();
}

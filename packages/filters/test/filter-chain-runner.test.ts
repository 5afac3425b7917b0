import { LastHttpContent } from '@sluice/codec-http';
import type { HttpContent } from '@sluice/codec-http';
import { expect, it } from 'vitest';
import { FilterChainRunner } from '../src/chain/filter-chain-runner.ts';
import { FilterExecutions } from '../src/chain/filter-executions.ts';
import { FilterEntry } from '../src/declaration/filter-entry.ts';
import type { HttpRequestMessage } from '../src/index.ts';
import { Client, deferred, far, GET } from './support.ts';

it.each([
  ['goes on behind its head', false, [LastHttpContent.EMPTY]],
  ['does not when the chain was stopped by its head', true, []],
])('an end that came while a filter was waited for %s', async (_how, stops, expected) => {
  const later = deferred<void>();
  const sent: HttpContent[] = [];
  const client = new Client({ endpoint: far((side) => requests.push(side.request)).endpoint });
  const requests: HttpRequestMessage[] = [];
  client.send(GET);
  const [request] = requests;
  if (request === undefined) throw new Error('The endpoint was not opened.');
  const entries = [new FilterEntry({ apply: () => later.promise }, 'later', 0, { type: 'inbound' as const })];
  const runner: FilterChainRunner<HttpRequestMessage> = new FilterChainRunner<HttpRequestMessage>(
    {
      kind: 'inbound',
      entries,
      executions: new FilterExecutions(entries, client.channel.clock, undefined),
      maxBodyBytes: 1,
      output: {
        isReady: true,
        needsBodyBuffered: () => false,
        onFiltered: () => stops && runner.stop(),
        onFilteredContent: (chunk) => void sent.push(chunk),
        onFlush: () => {},
        onFilterFailure: () => {},
        onFull: () => {},
      },
    },
    request,
  );

  runner.start();
  runner.content(LastHttpContent.EMPTY);
  later.resolve();
  await client.settle();

  expect(sent).toEqual(expected);
});

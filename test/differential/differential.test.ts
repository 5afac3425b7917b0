import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadRequestCases } from '../conformance/case/case-files.ts';
import type { RequestCase } from '../conformance/case/request-case.ts';
import { requestFeeder } from '../every-split/split-requests.ts';
import { askPeer, refused } from './ask-peer.ts';
import { startPeers } from './peer.ts';
import type { Peer } from './peer.ts';

const TIMEOUT_MS = 300_000;
const AT_A_TIME = 16;
const PAGE = 'docs/conformance.md';

let peers: readonly Peer[] = [];

beforeAll(async () => {
  peers = await startPeers();
}, TIMEOUT_MS);
afterAll(() => Promise.all(peers.map((peer) => peer.stop())));

it(
  'every request that is forwarded here and refused by all others is justified in the docs',
  { timeout: TIMEOUT_MS },
  async () => {
    const forwarded: RequestCase[] = [];
    for (const testCase of loadRequestCases()) if (await isForwarded(testCase)) forwarded.push(testCase);
    const alone: string[] = [];
    const queue = forwarded.values();
    const work = async (): Promise<void> => {
      for (const { id, raw } of queue) {
        const answers = await Promise.all(peers.map((peer) => askPeer(peer, raw)));
        if (answers.every(refused)) alone.push(id);
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));

    expect(forwarded.length).toBeGreaterThan(100);
    expect(peers.length).toBeGreaterThan(0);
    expect(alone.filter((id) => !justified().has(id))).toEqual([]);
  },
);

async function isForwarded(testCase: RequestCase): Promise<boolean> {
  const feed = await requestFeeder(testCase);
  return feed([testCase.raw]).forwarded.length > 0;
}

/** The rows of the table: case, and why it is right to forward it. */
function justified(): ReadonlySet<string> {
  const [, section = ''] = readFileSync(PAGE, 'utf8').split('## Forwarded here alone');
  return new Set([...section.matchAll(/^\| `(?<id>[^`]+)`/gm)].map(({ groups }) => groups?.['id'] ?? ''));
}

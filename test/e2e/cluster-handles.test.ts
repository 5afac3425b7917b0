import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { dial } from './support/wire.ts';

const PROGRAM = fileURLToPath(new URL('support/cluster-acceptor.js', import.meta.url));

interface Said {
  readonly worker: number;
  readonly connectionEvents: number;
  readonly bytes: string;
}

it.each(['rr', 'none'])(
  'takes the handles of accepted connections in workers of node:cluster, scheduled by %s',
  { timeout: 20_000 },
  async (policy) => {
    const primary = fork(PROGRAM, {
      // Not those of the test runner: the program imports the build.
      execArgv: [],
      env: { ...process.env, NODE_CLUSTER_SCHED_POLICY: policy },
    });
    onTestFinished(() => void primary.kill('SIGKILL'));
    const [{ ports }] = (await once(primary, 'message')) as [{ ports: number[] }];
    const said: Said[] = [];
    primary.on('message', (message) => void said.push(message as Said));
    const [port = 0] = ports;

    for (let at = 0; at < 8; at++) {
      const client = await dial(port);
      await client.send(`bytes ${at}`).take(new RegExp(`^bytes ${at}$`));
    }
    while (said.length < 8) await once(primary, 'message');

    expect(ports).toEqual([port, port]);
    expect(said.map(({ bytes }) => bytes).toSorted()).toEqual(
      Array.from({ length: 8 }, (_, at) => `bytes ${at}`),
    );
    // None was made a socket by Node.js itself.
    expect(said.map(({ connectionEvents }) => connectionEvents)).toEqual(Array(8).fill(0));
    if (policy === 'rr') expect(new Set(said.map(({ worker }) => worker)).size).toBe(2);
  },
);

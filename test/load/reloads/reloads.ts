import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectionAccounts, leftOver, quietLog } from '../accounts.ts';
import { atMost, exactly, noted, type Finding } from '../finding.ts';
import { startListeners } from '../gateway/listeners.ts';
import type { LoadBench } from '../load-bench.ts';
import { memoryAtRest } from '../memory/memory-at-rest.ts';

export type ReloadSettings = {
  /** Reloads before it is measured: code is compiled and tables grow in the first ones. */
  warmUp: number;
  reloads: number;
  /** Small requests a second meanwhile. */
  ratePerSecond: number;
  /** Whether the bound on the pause of the event loop is applied. */
  isTimed: boolean;
};

export const RELOADS_LONG: ReloadSettings = {
  warmUp: 200,
  reloads: 1_000,
  ratePerSecond: 300,
  isTimed: true,
};
export const RELOADS_SHORT: ReloadSettings = { warmUp: 5, reloads: 15, ratePerSecond: 50, isTimed: false };

const EVERY_WRONG = 10;
const TOKEN = 'the-token-of-the-load-programs';
const REFUSED = 'The configuration was refused';
const PAUSE_MS = 20;
const PROGRESS_EVERY = 100;

/** What a configuration is, and whether it is to be refused. */
type Change = { configuration: object; isWrong: boolean };

/** That a configuration can be changed again and again under load, and that a wrong one changes nothing. */
export async function reloads(bench: LoadBench, settings: ReloadSettings): Promise<Finding[]> {
  const origin = await bench.startOrigin();
  const tokenFile = join(bench.directory, 'token');
  writeFileSync(tokenFile, TOKEN, { mode: 0o600 });
  const listening = await startListeners(bench, {
    name: 'reloads',
    originPort: origin.port,
    admin: { tokenFile },
  });
  const { gateway, plain, adminPort, file, configuration } = listening;
  const reload = async (number: number): Promise<string | undefined> => {
    const { configuration: changed, isWrong } = changeOf(configuration, origin.port, number);
    writeFileSync(file, JSON.stringify(changed));
    const status = await askForReload(adminPort);
    const active = await pathStatus(plain, `/reload-${isWrong ? number - 1 : number}`);
    const due = isWrong ? '422, 299' : '200, 299';
    const seen = `${status}, ${active}`;
    return seen === due ? undefined : `reload ${number}: ${seen}, not ${due}`;
  };
  const normal = await bench.startNormalTraffic();
  await normal.start(plain, settings.ratePerSecond);
  const wrong: string[] = [];
  for (let number = 1; number <= settings.warmUp; number += 1) {
    const fault = await reload(number);
    if (fault !== undefined) wrong.push(fault);
  }
  const warm = await normal.stop();
  const base = await memoryAtRest(gateway, origin);
  await gateway.watchTurns();
  await gateway.loopDelay();
  await normal.start(plain, settings.ratePerSecond);
  for (let number = settings.warmUp + 1; number <= settings.warmUp + settings.reloads; number += 1) {
    const fault = await reload(number);
    if (fault !== undefined) wrong.push(fault);
    if (number % PROGRESS_EVERY === 0) bench.progress(`reloads: ${number}, ${wrong.length} wrong`);
  }
  const { maxMs, p99Ms, longestTurnMs, collectionMs, cpuMs } = await gateway.loopDelay();
  const { answered, failed, firstFailure } = await normal.stop();
  const after = await memoryAtRest(gateway, origin);
  return [
    exactly('37', `reloads with another end than was due, of ${settings.reloads}`, wrong[0] ?? 0, 0),
    noted('37', 'requests that were answered meanwhile', String(answered)),
    exactly('37', 'requests that failed', warm.firstFailure ?? firstFailure ?? warm.failed + failed, 0),
    noted(
      '37',
      'CPU time of the event loop for a reload, with its requests',
      `${(cpuMs / settings.reloads).toFixed(1)} ms`,
    ),
    noted('37', 'delay of the event loop', `p99 ${p99Ms.toFixed(1)} ms, at most ${maxMs.toFixed(1)}`),
    ...(settings.isTimed
      ? [atMost('37', 'longest pause by what the event loop has run', longestTurnMs, PAUSE_MS, 'ms')]
      : []),
    noted('37', 'of that garbage was collected, with waits', `${collectionMs.toFixed(1)} ms`),
    ...leftOver('reloads', base, after),
    ...connectionAccounts(await gateway.metrics()),
    quietLog(gateway, REFUSED),
  ];
}

/** Another route each time, and an origin with other limits, so that its pools are made anew. */
function changeOf(configuration: Readonly<Record<string, unknown>>, port: number, number: number): Change {
  const isWrong = number % EVERY_WRONG === 0;
  const route = { name: `reload-${number}`, prefix: `/reload-${number}`, response: { status: 299 } };
  const changed = {
    ...configuration,
    origins: [
      { name: 'load', servers: [`127.0.0.1:${port}`], options: { maxConnections: 512 + (number % 7) } },
    ],
    routes: [route, { prefix: '/', origin: isWrong ? 'nobody' : 'load' }],
  };
  return { configuration: changed, isWrong };
}

async function askForReload(port: number): Promise<number> {
  const headers = { connection: 'close', authorization: `Bearer ${TOKEN}` };
  const response = await fetch(`http://127.0.0.1:${port}/reload`, { method: 'POST', headers });
  await response.text();
  return response.status;
}

async function pathStatus(port: number, path: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } });
  await response.text();
  return response.status;
}

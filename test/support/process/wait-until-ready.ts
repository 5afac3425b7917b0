import { get as getPlain } from 'node:http';
import { get as getTls } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import type { ManagedProcess } from './managed-process.ts';

const RETRY_MS = 25;
const READY_WITHIN_MS = 15_000;

/** Waits until the proxy on `port` hands through an answer of the origin; rejects when it ends or takes too long. */
export async function waitUntilReady(
  proxy: ManagedProcess,
  port: number,
  isTls = false,
  withinMs = READY_WITHIN_MS,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  let outcome = 'nothing';
  while (Date.now() < deadline) {
    if (proxy.hasEnded) throw proxy.endedError();
    outcome = await tryRequest(port, isTls);
    if (outcome === '200') return;
    await delay(RETRY_MS);
  }
  throw new Error(`not ready within ${withinMs / 1000} s; the last request got: ${outcome}`);
}

/** Sends one small GET; resolves to the status, or to what kept it from coming. */
function tryRequest(port: number, isTls: boolean): Promise<string> {
  const get = isTls ? getTls : getPlain;
  const trust = { rejectUnauthorized: false };
  return new Promise((resolve) => {
    const request = get(
      { host: '127.0.0.1', port, path: '/small', agent: false, timeout: 1000, ...trust },
      (response) => {
        response.resume();
        response.once('end', () => resolve(String(response.statusCode)));
        response.once('error', (error) => resolve(error.message));
      },
    );
    request.once('timeout', () => request.destroy(new Error('no answer')));
    request.once('error', (error) => resolve(error.message));
  });
}

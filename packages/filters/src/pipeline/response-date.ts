import type { HttpResponse } from '@sluice/codec-http';
import type { Clock } from '@sluice/core';

const SECOND_MS = 1_000;

let latestSecond = NaN;
let latestText = '';

/**
 * Adds `Date` to a final response that has none (RFC 9110 §6.6.1): a recipient with a clock must
 * before it forwards one, and so must the server that makes one.
 */
export function addDate(response: HttpResponse, clock: Clock): void {
  if (response.isInformational || response.opensTunnel || response.headers.has('date')) return;
  response.date = dateText(clock.epochMs());
}

function dateText(epochMs: number): string {
  const second = Math.floor(epochMs / SECOND_MS);
  if (second !== latestSecond) {
    latestSecond = second;
    latestText = new Date(second * SECOND_MS).toUTCString();
  }
  return latestText;
}

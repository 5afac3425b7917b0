import type { PassportQuery } from '../seam/passport-query.ts';
import { wrongValue } from './admin-query.ts';
import type { AdminQuery } from './admin-query.ts';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 1000;

export const PASSPORT_PARAMETERS = ['order', 'path', 'status', 'min-ms', 'limit', 'format'];

/** Reads which passports are wanted. Throws an HttpStatusError with 400. */
export function parsePassportQuery(query: AdminQuery): PassportQuery {
  return {
    order: query.choice('order', ['recent', 'slowest']),
    path: query.text('path'),
    status: statusRange(query.text('status')),
    minDurationMs: query.number('min-ms'),
    limit: query.count('limit', DEFAULT_LIMIT, MAX_LIMIT),
  };
}

/** `404`, or `5xx` for all from 500 to 599, or `none`. */
function statusRange(text: string | undefined): PassportQuery['status'] {
  if (text === undefined || text === 'none') return text;
  if (/^[1-9]\d\d$/.test(text)) return { from: Number(text), to: Number(text) };
  if (!/^[1-9]xx$/.test(text)) throw wrongValue('status', 'a status like 404 or 5xx, or none', text);
  const from = Number(text.charAt(0)) * 100;
  return { from, to: from + 99 };
}

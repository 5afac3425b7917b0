import { readFileSync } from 'node:fs';

let limit: number | undefined = undefined;
let isKnown = false;

/** How many file descriptors the process may have; undefined where the system does not say: anywhere but on Linux. Read once. */
export function descriptorLimit(): number | undefined {
  if (!isKnown) limit = readLimit();
  isKnown = true;
  return limit;
}

function readLimit(): number | undefined {
  try {
    const [, soft] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    return undefined;
  }
}

import type { PerfMap } from './perf-map.ts';

/** What callgrind calls an object that is no file: the code that V8 has compiled. */
const NO_FILE = '???';

/**
 * Instructions by function, those that it calls not included. `text` is a file of callgrind with
 * `--dump-instr=yes`; names stand in it once, and then as numbers.
 */
export function instructionsByFunction(text: string, compiled: PerfMap): Map<string, number> {
  const counts = new Map<string, number>();
  const [functions, objects] = [new Map<string, string>(), new Map<string, string>()];
  let [current, object, address, isCall] = ['', '', 0, false];
  for (const line of text.split('\n')) {
    const named = /^(c?)(fn|ob)=\((\d+)\)(?: (.*))?$/.exec(line);
    if (named !== null) {
      const [, callee, kind, number = '', given] = named;
      const names = kind === 'fn' ? functions : objects;
      if (given !== undefined) names.set(number, given.trim());
      if (callee === '' && kind === 'fn') current = names.get(number) ?? number;
      else if (callee === '') object = names.get(number) ?? number;
    } else if (line.startsWith('calls=')) isCall = true;
    else if (/^[\d+*-]/.test(line)) {
      const [position = '', , cost = '0'] = line.split(' ');
      address = addressAfter(address, position);
      // What a call costs stands with the function that is called.
      if (!isCall) {
        const name = object === NO_FILE ? (compiled.nameAt(address) ?? NO_FILE) : current;
        counts.set(name, (counts.get(name) ?? 0) + Number(cost));
      }
      isCall = false;
    }
  }
  return counts;
}

// `0x…`, or the distance from the address before, or `*` for the same.
function addressAfter(before: number, position: string): number {
  if (position === '*') return before;
  if (position.startsWith('+') || position.startsWith('-')) return before + Number(position);
  return Number(position);
}

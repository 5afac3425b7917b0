import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { freePorts } from '../../support/process/free-port.ts';

/** A command of a page, and the lines that it shows of what the command prints. */
export interface ShownCommand {
  readonly command: string;
  readonly shown: readonly string[];
}

export interface RanCommand extends ShownCommand {
  readonly printed: string;
}

const BLOCK = /^```(?<language>\w*)\n(?<text>[^]*?)^```$/gm;
const PORT = /(?<=:|listen\()(?:8080|8081|8443|9000|9001|9901)\b/g;
const MARK = '\u0001';
const WAIT_S = 15;

/** Writes the files of a page (yaml blocks that begin with `# NAME.yaml`) into a folder, and runs its `$ ` commands there. */
export async function runPage(page: string, folder: string): Promise<readonly RanCommand[]> {
  const ports = await portsFor(page);
  const toReal = (text: string): string => text.replaceAll(PORT, (port) => ports.get(port) ?? port);
  const commands: ShownCommand[] = [];
  for (const { groups: { language = '', text = '' } = {} } of page.matchAll(BLOCK)) {
    const name = /^# (?<name>\S+\.yaml)\n/.exec(text)?.groups?.['name'];
    if (language === 'yaml' && name !== undefined) writeFileSync(join(folder, name), toReal(text));
    if (language === '' && text.startsWith('$ ')) commands.push(...commandsOf(text));
  }
  const printed = await runInBash(
    commands.map(({ command, shown }) => script(toReal(command), toReal(shown[0] ?? ''))),
    folder,
  );
  const toShown = (text: string): string =>
    [...ports].reduce((shown, [port, real]) => shown.replaceAll(`:${real}`, `:${port}`), text);
  return commands.map(({ command, shown }, at) => ({ command, shown, printed: toShown(printed[at] ?? '') }));
}

/** Whether a text has these lines in their order; `…` at the end of a line stands for the rest of it. */
export function hasLines(printed: string, shown: readonly string[]): boolean {
  const lines = printed.split('\n');
  let from = 0;
  return shown.every((line) => {
    const at = lines.findIndex((candidate, index) => index >= from && isLike(candidate, line));
    from = at + 1;
    return at >= 0;
  });
}

function isLike(line: string, shown: string): boolean {
  return shown.endsWith('…') ? line.startsWith(shown.slice(0, -1)) : line.trimEnd() === shown.trimEnd();
}

function commandsOf(text: string): readonly ShownCommand[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = '', ...shown] = part.trimEnd().split('\n');
      return { command, shown };
    });
}

/** What runs on is waited for until it has printed the line that is shown. */
function script(command: string, firstLine: string): string {
  const mark = `printf '${MARK}'`;
  if (!command.endsWith('&') || / >>? /.test(command)) return `${command}\n${mark}`;
  const until = `for _ in $(seq ${WAIT_S * 10}); do grep -qF -- "${firstLine}" job.log && break; sleep 0.1; done`;
  return `rm -f job.log; ${command.slice(0, -1)} > job.log &\n${until}; cat job.log\n${mark}`;
}

async function runInBash(scripts: readonly string[], folder: string): Promise<readonly string[]> {
  // At the end of the page nothing runs on.
  const text = ["trap 'kill $(jobs -p) 2>/dev/null' EXIT", ...scripts].join('\n');
  const programs = join(folder, '.bin');
  mkdirSync(programs);
  symlinkSync(resolve('packages/cli/bin/sluice.js'), join(programs, 'sluice'));
  const path = [programs, process.env['PATH'] ?? ''].join(delimiter);
  const env = { ...process.env, PATH: path, NO_COLOR: '1', LOG_LEVEL: 'warn' };
  const bash = spawn('bash', ['-c', text], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const append = (bytes: Buffer): void => void (output += bytes.toString());
  bash.stdout.on('data', append);
  bash.stderr.on('data', append);
  await once(bash, 'close');
  return output.split(MARK);
}

async function portsFor(page: string): Promise<ReadonlyMap<string, string>> {
  const shown = [...new Set(page.match(PORT))];
  const real = await freePorts(shown.length);
  return new Map(shown.map((port, at) => [port, String(real[at])]));
}

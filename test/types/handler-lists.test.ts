import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const FIXTURES = new URL('fixtures/', import.meta.url);
const MARK = /^\s*\/\/ refused: /;

it.each(readdirSync(FIXTURES).filter((name) => name.endsWith('.ts')))(
  'refuses what %s says, in its words, and nothing else',
  async (file) => {
    const wanted = marksOf(file);
    const errors = (await compiled).filter((error) => error.file === file);

    expect(errors.map(({ line }) => line)).toEqual(wanted.map(({ line }) => line));
    for (const [at, { words }] of wanted.entries()) expect(errors[at]?.text).toContain(words);
  },
  60_000,
);

it('has something to refuse', () => {
  expect(marksOf('handler-lists.ts').length).toBeGreaterThan(10);
  expect(marksOf('declarations.ts').length).toBeGreaterThan(10);
});

/** Each mark stands right above the line that the compiler must refuse. */
function marksOf(file: string): readonly { readonly line: number; readonly words: string }[] {
  const lines = readFileSync(new URL(file, FIXTURES), 'utf8').split('\n');
  return lines.flatMap((text, at) =>
    MARK.test(text) ? [{ line: at + 2, words: text.replace(MARK, '') }] : [],
  );
}

interface CompilerError {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

const compiled = compile();

async function compile(): Promise<readonly CompilerError[]> {
  const tsc = new URL('../../node_modules/typescript/bin/tsc', import.meta.url).pathname;
  const args = [tsc, '-p', FIXTURES.pathname, '--pretty', 'false'];
  const output = await promisify(execFile)(process.execPath, args).catch(
    (cause: { stdout: string }) => cause,
  );
  // An error begins at the margin; what explains it is indented.
  return output.stdout.split(/\n(?=\S)/).flatMap((text) => {
    const [, file, line] = /([^/(]+)\((\d+),\d+\): error/.exec(text) ?? [];
    if (file === undefined) return [];
    return [{ file, line: Number(line), text: text.replaceAll('Buffer<ArrayBufferLike>', 'Buffer') }];
  });
}

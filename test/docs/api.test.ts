import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { apiReport, packagesWithApi } from '../../tools/api-report.ts';

it.each(packagesWithApi())('has in %s/api.md what the code gives to others (npm run docs:api)', (folder) => {
  expect(readFileSync(join(folder, 'api.md'), 'utf8')).toBe(apiReport(folder));
});

it.each(packagesWithApi())('gives nothing of the type any from %s', (folder) => {
  expect(readFileSync(join(folder, 'api.md'), 'utf8')).not.toMatch(/(?:[:<|&,=]|\bas) *any\b(?!')/);
});

it('says what the entry points reach, and nothing else of the files', () => {
  const folder = packageOf({
    'index.d.ts': `export { Box as Crate, type Lid } from './box.ts';\nexport type { Clasp } from './box.ts';\n`,
    'box.d.ts': `import type { Size } from './size.ts';
/** Holds things. It's made of 'wood'. */
export declare class Box {
    #private;
    private readonly secret;
    readonly size: Size; // how large
    constructor(inner?: import("./size.ts").Inner);
}
export interface Lid {
    readonly url: 'http://*/'; /** not a comment in the string */
}
export declare class Clasp {
}
export declare function notReached(): void;
//# sourceMappingURL=box.d.ts.map`,
    'size.d.ts': `export type Size = number;
export interface Inner {
    readonly Unused: string;
}
export interface Unused {
}
`,
  });

  expect(apiReport(folder)).toContain(`
\`\`\`ts
// for types alone
class Clasp {
}

class Box {
    readonly size: Size;
    constructor(inner?: Inner);
}
export { Box as Crate };

interface Lid {
    readonly url: 'http://*/';
}
\`\`\`

Not exported, but mentioned by the above:

\`\`\`ts
interface Inner {
    readonly Unused: string;
}

type Size = number;
\`\`\`
`);
});

it('has a section for each entry point', () => {
  const folder = packageOf(
    { 'index.d.ts': `export declare function a(): void;\n` },
    { './schema.json': './s.json' },
  );

  const report = apiReport(folder);

  expect(report.match(/^## .*/gm)).toEqual(['## `box`', '## `box/schema.json`']);
});

it.each([
  [`export * from './box.ts';`, "unknown statement export * from './box.ts';"],
  [`export { Gone } from './box.ts';`, 'box.d.ts does not export Gone'],
  [`export { Gone } from './gone.ts';`, 'gone.d.ts is missing. Run npm run build.'],
])('refuses %s, of which it can not tell what it gives', (statement, message) => {
  const folder = packageOf({ 'index.d.ts': statement, 'box.d.ts': 'export {};' });

  expect(() => apiReport(folder)).toThrow(message);
});

function packageOf(
  files: Readonly<Record<string, string>>,
  exports: Readonly<Record<string, string>> = {},
): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-api-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const manifest = { name: 'box', exports: { '.': { types: './dist/index.d.ts' }, ...exports } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, 'dist', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return folder;
}

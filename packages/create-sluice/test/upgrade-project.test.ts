import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { applyUpgrade, planUpgrade, ProjectError, showUpgrade } from 'create-sluice';
import type { Codemod } from 'create-sluice';
import { describe, expect, it, onTestFinished } from 'vitest';

const RENAMED_KEY: Codemod = {
  version: '0.3.0',
  what: 'idleMs is idleTimeoutMs',
  files: /\.ya?ml$/,
  apply: (text) => text.replaceAll(/^(?<indent>\s*)idleMs:/gm, '$<indent>idleTimeoutMs:'),
};

describe('planUpgrade', () => {
  it('has names imported from where they are now, and those that stay from where they were', () => {
    const folder = project({
      'src/main.ts': `import 'reflect-metadata';
import { Gateway, type Route, RouterFilter as First } from '@sluice/gateway';
import type {
  SslHandshakeInfo,
} from "@sluice/handler-http";
import { RouteTable } from './gateway.ts';
`,
    });

    expect(upgraded(folder)['src/main.ts']).toBe(`import 'reflect-metadata';
import { Gateway } from '@sluice/gateway';
import { type Route, RouterFilter as First } from '@sluice/router';
import type { SslHandshakeInfo } from "@sluice/handler-tls";
import { RouteTable } from './gateway.ts';
`);
  });

  it('has the parts of the reference gateway imported from its package', () => {
    const folder = project({
      'src/main.ts': `import { serverHandlers } from '../../sluice/apps/gateway/src/pipeline.ts';
export { components } from '../../sluice/apps/gateway/dist/components.js';
const { startReferenceGateway } = await import('../../sluice/apps/gateway/src/reference-gateway.ts');
import { demo } from '../../sluice/apps/gateway/src/demo/demo-origin.ts';
`,
    });

    expect(upgraded(folder)['src/main.ts']).toBe(`import { serverHandlers } from '@sluice/cli';
export { components } from '@sluice/cli/config';
const { startReferenceGateway } = await import('@sluice/cli');
import { demo } from '../../sluice/apps/gateway/src/demo/demo-origin.ts';
`);
  });

  it('brings packages to their release, adds those that are imported now, and leaves other dependencies alone', () => {
    const folder = project({
      'src/main.ts': `import { RouterFilter } from '@sluice/gateway';\n`,
      'package.json': `{
    "name": "edge",
    "dependencies": { "rxjs": "7.8.2", "@sluice/gateway": "^0.0.5", "@sluice/core": "file:../core" },
    "devDependencies": { "@sluice/testing": "~0.0.5" }
}`,
    });

    expect(upgraded(folder)['package.json']).toBe(`{
    "name": "edge",
    "dependencies": {
        "@sluice/core": "file:../core",
        "@sluice/gateway": "^0.2.0",
        "@sluice/router": "0.2.0",
        "rxjs": "7.8.2"
    },
    "devDependencies": {
        "@sluice/testing": "~0.2.0"
    }
}
`);
  });

  it('changes nothing a second time', () => {
    const folder = project({ 'src/main.ts': `import { RouterFilter } from '@sluice/gateway';\n` });
    applyUpgrade(folder, planUpgrade(folder, { version: '0.2.0' }));

    expect(planUpgrade(folder, { version: '0.2.0' })).toMatchObject({ from: '0.2.0', changes: [] });
    expect(showUpgrade(planUpgrade(folder, { version: '0.2.0' }))).toBe(
      'Nothing to change: the project is as 0.2.0 wants it.',
    );
  });

  it('leaves out what the release of the project had already', () => {
    const folder = project({ 'gateway.yaml': 'idleMs: 5\n' }, '0.3.0');

    const plan = (version: string, from?: string) =>
      planUpgrade(from === undefined ? folder : project({ 'gateway.yaml': 'idleMs: 5\n' }, from), {
        version,
        codemods: [RENAMED_KEY],
      }).changes.map(({ path }) => path);

    expect(plan('0.4.0')).toEqual(['package.json']);
    expect(plan('0.4.0', '0.2.9')).toEqual(['gateway.yaml', 'package.json']);
  });

  it('applies what releases changed in their order, in configurations too', () => {
    const folder = project({ 'gateway.yaml': 'listeners:\n    idleMs: 5\n' });
    const again: Codemod = {
      ...RENAMED_KEY,
      version: '0.4.0',
      apply: (text) => text.replaceAll('idleTimeoutMs', 'quietTimeoutMs'),
    };

    const plan = planUpgrade(folder, { version: '0.4.0', codemods: [RENAMED_KEY, again] });

    expect(plan.changes[0]).toMatchObject({
      path: 'gateway.yaml',
      after: 'listeners:\n    quietTimeoutMs: 5\n',
      codemods: [RENAMED_KEY, again],
    });
  });

  it('reads no installed, built or hidden files', () => {
    const text = `import { RouterFilter } from '@sluice/gateway';\n`;
    const folder = project({
      'node_modules/a/a.ts': text,
      'dist/a.js': text,
      '.cache/a.ts': text,
      'src/a.d.ts': text,
    });

    expect(planUpgrade(folder, { version: '0.0.0' }).changes).toEqual([]);
  });

  it('names what is gone, where it is used, and what to take', () => {
    const folder = project({ 'src/a.ts': `\nimport { workerShare } from '@sluice/workers';\n` });

    expect(showUpgrade(planUpgrade(folder))).toContain(
      'Left to you:\n  src/a.ts:2 workerShare of @sluice/workers is gone. Take shareOf(limit, place) of @sluice/inject.',
    );
  });

  it.each([
    [{ 'package.json': '{"dependencies":{"express":"5.0.0"}}' }, /depends on no package of @sluice/],
    [{ 'package.json': '{' }, /package\.json is no JSON/],
    [
      { 'package.json': '{"dependencies":{"@sluice/core":"1.0.0"}}' },
      /is on 1\.0\.0, and this is create-sluice/,
    ],
  ])('refuses a folder with %j', (files, message) => {
    const folder = project(files);

    expect(() => planUpgrade(folder)).toThrow(message);
    expect(() => planUpgrade(folder)).toThrow(ProjectError);
  });

  it('refuses a folder without a package.json', () => {
    expect(() => planUpgrade(join(project({}), 'src'))).toThrow(/There is no .*src\/package\.json/);
  });
});

describe('showUpgrade', () => {
  it('shows each line that goes and comes, with its number', () => {
    const folder = project({
      'src/a.ts': `const a = 1;\nimport { Gateway, Route } from '@sluice/gateway';\nconst b = 2;\n`,
    });

    expect(showUpgrade(planUpgrade(folder, { version: '0.1.0' }))).toBe(`From 0.0.0 to 0.1.0:
  0.1.0  RouteTable, RouterFilter and Route are in @sluice/router

src/a.ts
     2 - import { Gateway, Route } from '@sluice/gateway';
     2 + import { Gateway } from '@sluice/gateway';
     3 + import { Route } from '@sluice/router';

package.json
     3 -     "@sluice/gateway": "0.0.0"
     3 +     "@sluice/gateway": "0.1.0",
     4 +     "@sluice/router": "0.1.0"
     7 +`);
  });
});

/** The files as they are after an upgrade to 0.2.0. */
function upgraded(folder: string): Record<string, string> {
  const plan = planUpgrade(folder, { version: '0.2.0' });
  applyUpgrade(folder, plan);
  return Object.fromEntries(plan.changes.map(({ path }) => [path, readFileSync(join(folder, path), 'utf8')]));
}

function project(files: Readonly<Record<string, string>>, version = '0.0.0'): string {
  const folder = mkdtempSync(join(tmpdir(), 'create-sluice-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const manifest = JSON.stringify({ dependencies: { '@sluice/gateway': version } }, undefined, 2);
  for (const [name, text] of Object.entries({ 'package.json': manifest, ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

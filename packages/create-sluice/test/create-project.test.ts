import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProject, nextSteps, ProjectError } from 'create-sluice';
import { describe, expect, it, onTestFinished } from 'vitest';

describe('nextSteps', () => {
  it('does not lead to where one is', () => {
    expect(nextSteps('.', ['a'])).toBe('Wrote 1 files here. Now:\n\n  npm install\n  npm test\n  npm start');
    expect(nextSteps('edge', ['a', 'b'])).toContain('to edge. Now:\n\n  cd edge\n');
  });
});

describe('createProject', () => {
  it('writes a project that has the name of its folder', () => {
    const folder = join(emptyFolder(), 'edge');
    const files = createProject(folder);

    expect(files).toEqual(
      expect.arrayContaining(['.gitignore', 'Dockerfile', 'edge.service', 'package.json', 'gateway.yaml']),
    );
    for (const file of files) {
      expect(readFileSync(join(folder, file), 'utf8'), file).not.toMatch(/my-gateway|\{\{/);
    }
    expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).toMatchObject({ name: 'edge' });
  });

  it('takes an empty folder', () => {
    const folder = join(emptyFolder(), 'edge');
    mkdirSync(folder);

    expect(createProject(folder)).toContain('package.json');
  });

  it('takes a folder that holds a repository and nothing else', () => {
    const folder = join(emptyFolder(), 'edge');
    mkdirSync(join(folder, '.git'), { recursive: true });

    expect(createProject(folder)).toContain('package.json');
  });

  it('leaves a folder alone in which something is', () => {
    const folder = join(emptyFolder(), 'edge');
    mkdirSync(folder);
    writeFileSync(join(folder, 'notes'), '');

    expect(() => createProject(folder)).toThrow(/is not empty: there is notes\./);
    expect(() => createProject(join(folder, 'notes'))).toThrow(/is a file/);
  });

  it.each([
    ['My Gateway', 'my-gateway'],
    ['9edge', 'edge'],
    ['---', 'my-gateway'],
  ])('refuses the name %s and proposes another', (name, proposal) => {
    expect(() => createProject(join(emptyFolder(), name))).toThrow(ProjectError);
    expect(() => createProject(join(emptyFolder(), name))).toThrow(`Try "${proposal}".`);
  });
});

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'create-sluice-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ADMIN_ROUTES } from '../../packages/admin/src/http/admin-routes.ts';
import { globSync } from '../../tools/glob-sync.ts';

const FLAG = /flag: '(?<flag>[A-Z]+)'|addResponseFlag\('(?<added>[A-Z]+)'\)/g;
const page = readFileSync('docs/operations.md', 'utf8');

it('names everything that the admin listener answers', () => {
  expect(ADMIN_ROUTES.length).toBeGreaterThan(10);
  for (const { method, path } of ADMIN_ROUTES) {
    expect(page).toContain(`\`${method} ${path.replace('{name}', 'NAME')}`);
  }
});

it('has a row for each response flag that anything here raises', () => {
  const raised = new Set<string>();
  for (const file of globSync('packages', /\/src\/.*\.ts$/)) {
    if (file.endsWith('response-flags.ts')) continue;
    for (const { groups } of readFileSync(file, 'utf8').matchAll(FLAG))
      raised.add(groups?.['flag'] ?? groups?.['added'] ?? '');
  }

  expect(raised.size).toBeGreaterThan(7);
  for (const flag of raised) expect(page).toMatch(new RegExp(`^\\| \`${flag}\``, 'm'));
});

it('shows the systemd unit that is there', () => {
  expect(page).toContain(`\`\`\`ini\n${readFileSync('packages/cli/deploy/sluice.service', 'utf8')}\`\`\``);
});

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ADMIN_ROUTES } from '../src/http/admin-routes.ts';

const readme = readFileSync('packages/admin/README.md', 'utf8');

it('shows code in the README that is a file which the compiler checks', () => {
  const example = readFileSync('packages/admin/test/example.ts', 'utf8');

  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
});

it('has a row in the README for everything that it answers, with its parameters', () => {
  const rows = [...readme.matchAll(/^\| `(?<what>(?:GET|POST) \/[^`]*)` +\| (?<parameters>[^|]*)\|/gm)].map(
    ({ groups }) =>
      `${groups?.['what']} ${groups?.['parameters']?.replaceAll(/[`,]/g, '').trim() ?? ''}`.trim(),
  );

  expect(rows).toEqual(
    ADMIN_ROUTES.map(({ method, path, parameters = [] }) =>
      `${method} ${path} ${parameters.join(' ')}`.trim(),
    ),
  );
});

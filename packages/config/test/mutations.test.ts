import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { ConfigError, prettyFindings } from '@sluice/config';
import { Folder } from './support/folder.ts';

const GOOD = `# A gateway.
listeners:
  - name: "http" # the only one
    port: \${PORT:-8080}
    match: { type: prefix, prefix: / }
defaults: &defaults { timeoutMs: 1.5e3, servers: ['a:1', b] }
origins:
  api: *defaults
  web:
    <<: 1
    timeoutMs: 5
    servers: [{ host: c, port: 9 }]
text: |
  two
  lines \${file:secret}
`;

const server = z.union([z.string(), z.strictObject({ host: z.string(), port: z.int().min(1) })]);
const origin = z.object({ timeoutMs: z.number().min(1), servers: z.array(server).min(1) });
const schema = z.strictObject({
  listeners: z.array(
    z.strictObject({
      name: z.string(),
      port: z.int(),
      match: z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal('prefix'), prefix: z.string() }),
      ]),
    }),
  ),
  defaults: origin,
  origins: z.record(z.string().regex(/^\w+$/), origin),
  text: z.string(),
});

const mutation = fc.record({
  at: fc.nat(GOOD.length),
  remove: fc.nat(12),
  insert: fc.oneof(
    fc.string({ maxLength: 6 }),
    fc.constantFrom(
      '\n',
      '\t',
      '  ',
      '- ',
      ': ',
      '${',
      '}',
      '*defaults',
      '&x ',
      '!!int ',
      '"',
      '{',
      ']',
      '~',
      '\0',
      '\ud83d\ude00',
    ),
  ),
});

it('loads whatever a file has become, or says where it is wrong', { timeout: 30_000 }, async () => {
  const folder = new Folder({ secret: 'hunter2\n' });
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 4 }), async (mutations) => {
      folder.write('main.yaml', mutations.reduce(mutate, GOOD));

      const outcome: unknown = await folder.load(schema).catch((cause: unknown) => cause);

      if (!(outcome instanceof Error)) return;
      expect(outcome).toBeInstanceOf(ConfigError);
      refused++;
      const { findings } = outcome as ConfigError;
      expect(findings).not.toHaveLength(0);
      for (const { position, message } of findings) {
        expect(position.file).toBe(folder.file('main.yaml'));
        expect(position.line).toBeGreaterThan(0);
        expect(position.column).toBeGreaterThan(0);
        expect(message).not.toBe('');
      }
      expect(prettyFindings(findings)).not.toContain('hunter2');
    }),
    { numRuns: 200 },
  );
  expect(refused).toBeGreaterThan(25);
});

it('loads the file that the others are made from', async () => {
  const { value } = await new Folder({ 'main.yaml': GOOD, secret: 'hunter2\n' }).load(schema);

  expect(value.listeners[0]?.port).toBe(8080);
  expect(value.text).toBe('two\nlines hunter2\n');
});

function mutate(
  text: string,
  { at, remove, insert }: { at: number; remove: number; insert: string },
): string {
  return text.slice(0, at) + insert + text.slice(at + remove);
}

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { configSchema } from '../../tools/config-schema.ts';

it('has a published schema that says what the code says (npm run docs:config-schema)', () => {
  const published: unknown = JSON.parse(readFileSync('packages/gateway/gateway.schema.json', 'utf8'));

  expect(published).toEqual(JSON.parse(JSON.stringify(configSchema())));
});

it('describes every key of the root', () => {
  const { properties } = configSchema() as { properties: Record<string, { description?: string }> };

  expect(Object.keys(properties).length).toBeGreaterThan(5);
  for (const [key, { description }] of Object.entries(properties))
    expect(description, key).toBeTypeOf('string');
});

import { BasicAuthOptions, BUILTIN_FILTERS, hashPassword, RateLimitOptions } from '@sluice/builtin-filters';
import { describe, expect, it } from 'vitest';
import { Client, field, request, statusOf } from './support.ts';

type Input = ConstructorParameters<typeof RateLimitOptions>[0];

const CHEAP = { ln: 1, r: 1, p: 1 };
const ADA = { name: 'ada', hash: await hashPassword('right', CHEAP) };
const BOB = { name: 'bob', hash: await hashPassword('right', CHEAP) };

describe('a rate limit beside passwords', () => {
  it.each<Input>([{ keyBy: 'client-address' }, { keyBy: 'route' }, { keyBy: 'none' }])(
    'counts attempts, before a password is verified: %j',
    async (options) => {
      const client = connect({ ...options, maxTokens: 2 });

      const statuses = await answersTo(client, ['a', 'b', 'c', 'right']);

      expect(statuses).toEqual([401, 401, 429, 429]);
    },
  );

  it('counts who is let in once', async () => {
    const client = connect({ maxTokens: 2 });

    const responses = [await client.ask(as('ada', 'right')), client.send(as('ada', 'right'))];

    expect(responses.map((response) => field(response, 'ratelimit'))).toEqual([
      expect.stringContaining('r=1;'),
      expect.stringContaining('r=0;'),
    ]);
  });

  it('counts users each for himself, by their verified names', async () => {
    const client = connect({ maxTokens: 1, keyBy: 'field', keyField: 'x-user' });

    const statuses = [];
    for (const user of ['ada', 'bob', 'ada']) statuses.push(statusOf(await client.ask(as(user, 'right'))));

    expect(statuses).toEqual([200, 200, 429]);
  });
});

async function answersTo(client: Client, passwords: readonly string[]): Promise<readonly number[]> {
  const statuses = [];
  for (const password of passwords) statuses.push(statusOf(await client.ask(as('ada', password))));
  return statuses;
}

function as(user: string, password: string): string {
  const credentials = Buffer.from(`${user}:${password}`).toString('base64');
  return request('GET', '/', [`authorization: Basic ${credentials}`, 'x-user: forged']);
}

/** What a file has under the names of the two. */
function connect(options: Input): Client {
  const used = BUILTIN_FILTERS.filter(({ name }) => name === 'basic-auth' || name === 'rate-limit');
  return new Client({
    filters: used.flatMap(({ filters }) => filters),
    bindings: [
      [RateLimitOptions, new RateLimitOptions(options)],
      [BasicAuthOptions, new BasicAuthOptions({ users: [ADA, BOB], userField: 'x-user' })],
    ],
  });
}

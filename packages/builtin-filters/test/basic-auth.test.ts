import crypto from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AUTHENTICATED_USER, BasicAuthFilter, BasicAuthOptions, hashPassword } from '@sluice/builtin-filters';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { CredentialVerifier } from '../src/basic-auth/credential-verifier.ts';
import { DecoyHashes } from '../src/basic-auth/decoy-hashes.ts';
import { parsePasswordHash, verifyPassword } from '../src/basic-auth/password-hash.ts';
import { Turnstile } from '../src/basic-auth/turnstile.ts';
import { readUsers } from '../src/basic-auth/user-list.ts';
import type { UserList } from '../src/basic-auth/user-list.ts';
import { Client, field, recorder, request, statusOf } from './support.ts';
import type { Recorder } from './support.ts';

type Input = ConstructorParameters<typeof BasicAuthOptions>[0];

const folder = mkdtempSync(join(tmpdir(), 'sluice-users-'));
afterAll(() => rmSync(folder, { recursive: true }));

const CHEAP = { ln: 1, r: 1, p: 1 };
const ADA = { name: 'ada', hash: await hashPassword('päss:word', CHEAP) };
const BOB = { name: 'böb', hash: await hashPassword('', CHEAP) };

describe('basic authentication', () => {
  it('asks who does not say', () => {
    const { client, origin } = connect({ realm: 'the "quiet" one'.replaceAll('"', "'") });

    const response = client.get();

    expect(statusOf(response)).toBe(401);
    expect(field(response, 'www-authenticate')).toBe(`Basic realm="the 'quiet' one", charset="UTF-8"`);
    expect(field(response, 'proxy-status')).toBe('sluice; error=http_request_denied');
    expect(origin.sides).toHaveLength(0);
  });

  it('lets in who knows the password, at once when it comes again', async () => {
    const { client, origin } = connect();

    const first = await client.ask(as('ada', 'päss:word'));
    const again = client.send(as('ada', 'päss:word'));

    expect([first, again].map(statusOf)).toEqual([200, 200]);
    expect(origin.sides.map((side) => side.request.context.get(AUTHENTICATED_USER))).toEqual(['ada', 'ada']);
    expect(await client.ask(as('ada', 'pass:word')).then(statusOf)).toBe(401);
  });

  it('keeps the credentials from the origin and tells it the name', async () => {
    const { client, origin } = connect({ userField: 'x-user' });

    await client.ask(as('böb', '').replace('\r\n\r\n', '\r\nX-User: admin\r\n\r\n'));

    const { headers } = origin.sides[0]?.request ?? {};
    expect(headers?.has('authorization')).toBe(false);
    expect(headers?.getAll('x-user').map((name) => Buffer.from(name, 'latin1').toString())).toEqual(['böb']);
  });

  it('passes the credentials on when it is told so', async () => {
    const { client, origin } = connect({ stripAuthorization: false });

    await client.ask(as('ada', 'päss:word'));

    expect(origin.sides[0]?.request.headers.get('authorization')).toMatch(/^Basic /);
  });

  it.each([
    ['another user', as('eve', 'päss:word')],
    ['another password', as('ada', 'päss')],
    ['a name in another case', as('Ada', 'päss:word')],
  ])('refuses %s', async (_what, text) => {
    expect(statusOf(await connect().client.ask(text))).toBe(401);
  });

  it.each([
    ['another scheme', 'Bearer abc'],
    ['no colon', `Basic ${Buffer.from('ada').toString('base64')}`],
    ['a control character', `Basic ${Buffer.from('ada:p\u0000').toString('base64')}`],
    ['no base64', 'Basic ???'],
    ['two tokens', 'Basic YTpi YTpi'],
    ['nothing', 'Basic'],
    ['far too much', `Basic ${'A'.repeat(20_000)}!`],
  ])('refuses a field with %s without a thought', (_what, value) => {
    expect(statusOf(connect().client.get('/', `authorization: ${value}`))).toBe(401);
  });

  it('refuses two fields', () => {
    const value = /authorization: [^\r]+/.exec(as('ada', 'päss:word'))?.[0] ?? '';

    expect(statusOf(connect().client.get('/', value, value))).toBe(401);
  });

  it('verifies again when the time is over', async () => {
    const verifier = new CredentialVerifier(new BasicAuthOptions({ users: [ADA], cacheTtlMs: 100 }));
    const ada = { user: 'ada', password: 'päss:word' };

    expect(verifier.verify(ada, 0)).toBeInstanceOf(Promise);
    expect(await verifier.verify(ada, 0)).toBe(true);
    expect(verifier.verify(ada, 99)).toBe(true);
    expect(verifier.verify(ada, 100)).toBeInstanceOf(Promise);
  });

  it('remembers no wrong password, and only so many right ones', async () => {
    const users = [ADA, BOB];
    const verifier = new CredentialVerifier(new BasicAuthOptions({ users, maxCachedCredentials: 1 }));
    const ada = { user: 'ada', password: 'päss:word' };
    const wrong = { user: 'ada', password: 'wrong' };

    expect(await verifier.verify(wrong, 0)).toBe(false);
    expect(verifier.verify(wrong, 0)).toBeInstanceOf(Promise);
    await verifier.verify(ada, 0);
    await verifier.verify({ user: 'böb', password: '' }, 0);

    expect(verifier.verify(ada, 0)).toBeInstanceOf(Promise);
  });

  it('computes once for requests that come together, and turns away what is too much', async () => {
    const limits = { maxConcurrentVerifications: 1, maxPendingVerifications: 1 };
    const verifier = new CredentialVerifier(new BasicAuthOptions({ users: [ADA], ...limits }));
    const wrong = (password: string): ReturnType<CredentialVerifier['verify']> =>
      verifier.verify({ user: 'ada', password }, 0);

    const outcomes = [wrong('1'), wrong('1'), wrong('2'), wrong('3')];

    expect(outcomes[0]).toBe(outcomes[1]);
    expect(outcomes[3]).toBeUndefined();
    expect([await outcomes[0], await outcomes[2]]).toEqual([false, false]);
    expect(await wrong('3')).toBe(false);
  });

  it('answers 503 when too many wait', async () => {
    const { client } = connect({ maxConcurrentVerifications: 1, maxPendingVerifications: 0 });
    const other = connect({}, recorder(), client);
    const first = client.ask(as('ada', '1'));

    const response = other.client.send(as('ada', '2'));

    expect(statusOf(response)).toBe(503);
    expect(field(response, 'retry-after')).toBe('1');
    expect(statusOf(await first)).toBe(401);
  });
});

describe('what a password of an unknown name is verified against', () => {
  const hashes = [
    ADA,
    BOB,
    { name: 'eve', hash: `$scrypt$ln=2,r=1,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}` },
  ];
  const users = (): UserList => readUsers(new BasicAuthOptions({ users: hashes }));
  const names = Array.from({ length: 200 }, (_, at) => `nobody-${at}`);
  const costs = (decoys: DecoyHashes): readonly number[] => names.map((name) => decoys.hashFor(name).cost.ln);

  it('is the same for the name, in every process', () => {
    expect(costs(new DecoyHashes(users()))).toEqual(costs(new DecoyHashes(users())));
  });

  it('costs what any of the users costs, as often as one of them does', () => {
    const dear = costs(new DecoyHashes(users())).filter((ln) => ln === 2).length;

    expect(dear).toBeGreaterThan(30);
    expect(dear).toBeLessThan(110);
  });

  it('is what the name chooses', async () => {
    const scrypt = vi.spyOn(crypto, 'scrypt');
    syncBuiltinESMExports();
    onTestFinished(() => {
      scrypt.mockRestore();
      syncBuiltinESMExports();
    });
    const verifier = new CredentialVerifier(new BasicAuthOptions({ users: hashes }));

    for (const user of names) await verifier.verify({ user, password: 'a' }, 0);

    const computed = scrypt.mock.calls.map((call) => Math.log2((call[3] as { N: number }).N));
    expect(computed).toEqual(costs(new DecoyHashes(users())));
  });

  it('is told by nothing that is known outside', () => {
    const ada = { name: 'ada', hash: `$scrypt$ln=1,r=1,p=1$${'A'.repeat(22)}$${'B'.repeat(43)}` };
    const others = readUsers(new BasicAuthOptions({ users: [ada, ...hashes.slice(1)] }));

    expect(costs(new DecoyHashes(others))).not.toEqual(costs(new DecoyHashes(users())));
  });
});

describe('users', () => {
  it('come from a file as well', async () => {
    const verifier = new CredentialVerifier(
      new BasicAuthOptions({ users: [BOB], usersFile: fileOf(`# who\n\nada:${ADA.hash}\r\n`) }),
    );

    expect(await verifier.verify({ user: 'ada', password: 'päss:word' }, 0)).toBe(true);
    expect(await verifier.verify({ user: 'böb', password: '' }, 0)).toBe(true);
  });

  it.each<{ options: () => Input; error: string | RegExp }>([
    { options: () => ({}), error: 'basic-auth: there is no user; name some in users or usersFile' },
    {
      options: () => ({ users: [ADA, ADA] }),
      error: 'basic-auth: users[1]: there are two users named "ada"',
    },
    {
      options: () => ({ usersFile: fileOf('\nada:plain') }),
      error: /^basic-auth: .*users:2: expected name:\$scrypt/,
    },
    { options: () => ({ usersFile: fileOf(`:${ADA.hash}`) }), error: /users:1: expected name/ },
    {
      options: () => ({ usersFile: '/nowhere/users' }),
      error: "basic-auth: /nowhere/users can't be read: there is no such file; expected a file",
    },
    {
      options: () => ({ users: [{ ...ADA, name: 'a:b' }] }),
      error: 'basic-auth: users[0].name: must be the name',
    },
    {
      options: () => ({ users: [{ name: 'a', hash: 'secret' }] }),
      error: /^basic-auth: users\[0\]\.hash: is not of the form \$scrypt((?!secret).)*$/,
    },
    { options: () => ({ realm: 'a"b' }), error: 'basic-auth: realm: must be ASCII text without quotes' },
  ])('are refused at the start: $error', ({ options, error }) => {
    expect(() => new BasicAuthFilter(options())).toThrow(error);
  });
});

describe('a password hash', () => {
  it('is another each time and fits its password alone', async () => {
    const [one, other] = [await hashPassword('a', CHEAP), await hashPassword('a', CHEAP)];
    const parsed = parsePasswordHash(one);

    expect(one).not.toBe(other);
    expect(one).toMatch(/^\$scrypt\$ln=1,r=1,p=1\$/);
    expect(parsed && (await verifyPassword('a', parsed))).toBe(true);
    expect(parsed && (await verifyPassword('b', parsed))).toBe(false);
  });

  it('is that of RFC 7914', async () => {
    // §12: P="pleaseletmein", S="SodiumChloride", N=16384, r=8, p=1.
    const key =
      '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887';
    const base64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');
    const text = `$scrypt$ln=14,r=8,p=1$${base64(Buffer.from('SodiumChloride'))}$${base64(Buffer.from(key, 'hex'))}`;
    const parsed = parsePasswordHash(text);

    expect(parsed && (await verifyPassword('pleaseletmein', parsed))).toBe(true);
  });

  it.each(['ln=0,r=8,p=1', 'ln=14,r=0,p=1', 'ln=14,r=8,p=0', 'ln=19,r=8,p=1', 'ln=14,r=8'])(
    'that costs nothing, or too much, is refused: %s',
    (cost) => {
      expect(parsePasswordHash(ADA.hash.replace('ln=1,r=1,p=1', cost))).toBeUndefined();
    },
  );
});

it('a turnstile goes on after a failure', async () => {
  const turnstile = new Turnstile(1, 1);

  const failing = turnstile.run(async () => Promise.reject(new Error('no')));
  const next = turnstile.run(async () => 'yes');

  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('yes');
  expect(await turnstile.run(async () => 'again')).toBe('again');
});

function connect(
  options: Input = {},
  origin: Recorder = recorder(),
  sharing?: Client,
): { client: Client; origin: Recorder } {
  const bindings = sharing?.bindings ?? [
    [BasicAuthFilter, new BasicAuthFilter({ users: [ADA, BOB], ...options })],
  ];
  return { client: new Client({ filters: [BasicAuthFilter], endpoint: origin.endpoint, bindings }), origin };
}

function as(user: string, password: string): string {
  const token = Buffer.from(`${user}:${password}`, 'utf8').toString('base64');
  return request('GET', '/', [`authorization: Basic ${token}`]);
}

function fileOf(content: string): string {
  const path = join(folder, 'users');
  writeFileSync(path, content);
  return path;
}

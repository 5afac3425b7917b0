import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { openssl, TestCa } from '../support/certificates.ts';

// The one that is a file alone is run by test/e2e/configuration.test.ts.
const examples = readdirSync('examples').filter((name) => existsSync(`examples/${name}/main.ts`));

it('finds the examples', () => {
  expect(examples.length).toBeGreaterThanOrEqual(5);
});

it.each(examples.filter((name) => name !== 'tls-terminator' || openssl !== undefined))(
  'starts the example %s with the command of its README',
  async (name) => {
    expect(await firstLine(name, name === 'tls-terminator' ? certificate() : {})).toMatch(/^listening on /);
  },
  20_000,
);

function certificate(): NodeJS.ProcessEnv {
  const ca = new TestCa();
  onTestFinished(() => ca.remove());
  const { certFile, keyFile } = ca.issue(['DNS:a.test']);
  return { CERT: certFile, KEY: keyFile };
}

async function firstLine(name: string, env: NodeJS.ProcessEnv): Promise<string> {
  const options = ['--import', 'tsx', '--conditions=@sluice/source', `examples/${name}/main.ts`];
  const child = spawn(process.execPath, options, {
    env: { ...process.env, TSX_TSCONFIG_PATH: 'tsconfig.base.json', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill());
  const [output] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  return String(output);
}

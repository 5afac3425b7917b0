import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../src/command-line/command-line.ts';
import { UsageError } from '../src/command-line/usage-error.ts';
import type { Program } from '../src/program/program.ts';

const DEMO: Program = { name: 'demo.js', demoOrigins: () => [] };

describe('parseCommandLine', () => {
  it.each([
    [['--help'], 'usage'],
    [['help'], 'usage'],
    [['-h'], 'usage'],
    [['check', '--help'], 'help'],
    [['help', 'check'], 'help'],
    [['proxy', '-h', '--json'], 'help'],
    [['--version'], 'version'],
    [['-v'], 'version'],
    [['version'], 'version'],
    [['check', '--config', 'a'], undefined],
  ])('knows of %j what is to be printed', (args, print) => {
    expect(parseCommandLine(args).print).toBe(print);
  });

  it('takes the file of run and check behind the command too', () => {
    expect(parseCommandLine(['run', 'a', '--workers', '2'])).toMatchObject({ config: 'a', workers: 2 });
    expect(parseCommandLine(['check', 'a'])).toMatchObject({ config: 'a' });
  });

  it('runs the demo without a command, in a program that has one', () => {
    expect(parseCommandLine([], DEMO)).toMatchObject({ command: 'demo', print: undefined });
    expect(() => parseCommandLine([])).toThrow('Which command? There are proxy, run, check, explain, init.');
    expect(() => parseCommandLine(['demo'])).toThrow('There is no command "demo".');
  });

  it.each([
    [['porxy'], 'There is no command "porxy". Did you mean "proxy"?'],
    [['help', 'porxy'], 'There is no command "porxy". Did you mean "proxy"?'],
    [['proxy', '--lsten', 'x'], 'There is no option "--lsten". Did you mean "--listen"?'],
    [['proxy', '--upstream'], 'There is no option "--upstream". Did you mean "--upstream-ca"?'],
    [['proxy', '--verbose-output'], 'There is no option "--verbose-output".'],
    [['proxy', '-q'], 'There is no option "-q".'],
    [['proxy', '--to'], '--to needs a value: --to URL'],
    [['proxy', '--to', '--listen', 'x'], '--to needs a value: --to URL'],
    [['explain', '--json=yes'], '--json takes no value; got "yes".'],
    [['check', '--config', 'a', '--json'], '--json is no option of check, but of explain.'],
    [['proxy', '--config', 'a'], '--config is no option of proxy, but of run, check, explain.'],
    [['init', '--workers', '2'], '--workers is no option of init, but of demo, proxy, run, explain.'],
    [
      ['run', '--config', 'a', '--listen', '1'],
      "--listen can't stand beside --config; write it into the file.",
    ],
    [['run'], 'run needs a file: run gateway.yaml'],
    [['run', 'a', 'b'], 'Unexpected argument: a b'],
    [['run', '--config', 'a', '--config', 'b'], '--config is there twice; it takes one value.'],
    [['explain', '-X', 'PUT', '--request=GET'], '--request is there twice; it takes one value.'],
    [['check', 'a', '--listen', ':1'], "--listen can't stand beside --config; write it into the file."],
    [['proxy', '--to', 'http://a', 'http://b'], 'Unexpected argument: http://b. Is it --to http://b?'],
    [['run', '--config', 'a', 'b', 'c'], 'Unexpected argument: b c'],
    [['init', 'a', 'b'], 'Unexpected argument: a b'],
    [
      ['proxy', '--proxy-protocol', '10.0.0.0/8', '--proxy-protocol', '300.0.0.0/8'],
      '--proxy-protocol takes an IP address, a network such as 10.0.0.0/8, or unix; got "300.0.0.0/8".',
    ],
    [
      ['explain', '--proxy-protocol', 'foo'],
      '--proxy-protocol takes an IP address, a network such as 10.0.0.0/8, or unix; got "foo".',
    ],
    [['proxy', '--workers', '0'], '--workers takes auto or a whole number from 1 to 256; got "0".'],
  ])('refuses %j in one line', (args, message) => {
    expect(() => parseCommandLine(args)).toThrow(new UsageError(message));
  });

  it('takes a value that looks like an option where it is joined to one', () => {
    expect(parseCommandLine(['proxy', '--without=-x']).without).toEqual(['-x']);
  });

  it('writes a project here, or to the folder that is named', () => {
    expect(parseCommandLine(['init']).folder).toBe('.');
    expect(parseCommandLine(['init', 'edge']).folder).toBe('edge');
  });
});

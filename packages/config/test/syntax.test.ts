import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { errorsOf, Folder, valueOf } from './support/folder.ts';

describe('what is read', () => {
  it.each([
    ['a: 1\nb: [x, y]\nc: { d: true }\n', { a: 1, b: ['x', 'y'], c: { d: true } }],
    ['{ "a": 1, "b": ["x", null] }', { a: 1, b: ['x', null] }],
    ['a: no\nb: 0o17\nc: 12:30\nd: 2026-01-01', { a: 'no', b: 15, c: '12:30', d: '2026-01-01' }],
    ['base: &b { x: 1 }\nuse: *b', { base: { x: 1 }, use: { x: 1 } }],
    ['1: one\ntrue: yes', { '1': 'one', true: 'yes' }],
    ['constructor: 1\ntoString: 2', { constructor: 1, toString: 2 }],
    ['', {}],
    ['# nothing but a comment\n', {}],
  ])('takes %j', async (text, value) => {
    expect(await valueOf(text)).toEqual(value);
  });
});

describe('what is refused, with its place', () => {
  it.each([
    ['a: 1\nb: 2\na: 3', 'main.yaml:3:1 a: found this key a second time; the first is in line 1, column 1'],
    [
      'x:\n  - a: 1\n    a: 2',
      'main.yaml:3:5 x[0].a: found this key a second time; the first is in line 2, column 5',
    ],
    [
      'a: [1, 2',
      'main.yaml:1:9 (root): found what is not YAML or JSON: flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    [
      'a: !!js/function "x"',
      'main.yaml:1:4 (root): found what is not YAML or JSON: unresolved tag: tag:yaml.org,2002:js/function',
    ],
    [
      'a: 1\n---\nb: 2',
      'main.yaml:2:1 (root): found what is not YAML or JSON: a second document; a file has one',
    ],
    ['a: *b', 'main.yaml:1:4 a: found the alias *b, but there is no &b before it'],
    ['a: &b [*b]', 'main.yaml:1:8 a[0]: found the alias *b inside of what it stands for'],
    ['[1, 2]', 'main.yaml:1:1 (root): found a list, expected a map'],
    ['just text', 'main.yaml:1:1 (root): found a single value, expected a map'],
    ['__proto__: { a: 1 }', 'main.yaml:1:1 (root): found the key "__proto__", expected any other'],
    ['? [a, b]\n: 1', 'main.yaml:1:3 (root): expected a text as key'],
  ])('%j', async (text, expected) => {
    const [error] = await errorsOf(text);

    expect(error).toBe(expected);
  });

  it('a file that is not there', async () => {
    expect(await new Folder().errors(z.unknown())).toEqual([
      'main.yaml:1:1 (root): can\'t read "main.yaml": there is no such file',
    ]);
  });

  it('a folder in the place of a file, and bytes that are no text', async () => {
    expect(await new Folder({ 'main.yaml/x': '' }).errors(z.unknown())).toEqual([
      'main.yaml:1:1 (root): can\'t read "main.yaml": it is not a file',
    ]);
    const folder = new Folder();
    folder.write('main.yaml', Buffer.from([0x61, 0x3a, 0x20, 0xff]));

    expect(await folder.errors(z.unknown())).toEqual([
      'main.yaml:1:1 (root): can\'t read "main.yaml": it is not UTF-8',
    ]);
  });
});

describe('what would take too much', () => {
  it('refuses aliases that stand for billions of values', async () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 12; i++)
      lines.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    const errors = await errorsOf(lines.join('\n'));

    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain('aliases stand for more than 10000 values');
  });

  it.each([
    [`a: ${'['.repeat(70)}${']'.repeat(70)}`, 'maps and lists are more than 64 deep'],
    ['['.repeat(100_000), /too deep|not YAML/],
  ])('refuses what is nested too deeply', async (text, expected) => {
    expect((await errorsOf(text)).join('\n')).toMatch(expected);
  });

  it('refuses a file above the limit without parsing it', async () => {
    expect(await errorsOf(`a: ${'x'.repeat(1024 * 1024)}`)).toEqual([
      'main.yaml:1:1 (root): can\'t read "main.yaml": it has 1048579 bytes, at most 1048576 are allowed',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { CertificateTable } from '../src/certificate-table.ts';

describe('CertificateTable', () => {
  it.each([
    ['a.test', 'exact'],
    ['A.Test', 'exact'],
    ['a.test.', 'exact'],
    ['www.wild.test', 'wildcard'],
    ['own.wild.test', 'own'],
    ['wild.test', undefined],
    ['a.b.wild.test', undefined],
    ['b.test', undefined],
    ['*.wild.test', undefined],
    ['.wild.test', undefined],
    ['', undefined],
    ['test', undefined],
  ])('finds for %j %s', (name, found) => {
    const table = new CertificateTable<string>();
    table.add(['a.test'], 'exact');
    table.add(['*.wild.test'], 'wildcard');
    table.add(['own.wild.test'], 'own');

    expect(table.find(name)).toBe(found);
  });

  it('gives a name to the first that has it', () => {
    const table = new CertificateTable<string>();
    table.add(['a.test'], 'first');
    table.add(['a.test'], 'second');

    expect(table.find('a.test')).toBe('first');
  });
});

import { describe, expect, it } from 'vitest';
import { loadProxyCases, loadRequestCases, loadResponseCases } from '../case/case-files.ts';
import { proseOnly, requestNotes, responseNotes } from '../case/case-notes.ts';
import { loadKnownGaps } from '../case/known-gaps.ts';
import { checkProxyCase } from '../case/proxy-case.ts';
import { checkRequestCase } from '../case/request-case.ts';
import { checkResponseCase } from '../case/response-case.ts';
import { requestCase, responseCase } from './fixtures.ts';

describe('the case files', () => {
  it('are read whole', () => {
    expect(loadRequestCases()).toHaveLength(751);
    expect(loadResponseCases()).toHaveLength(203);
    expect(loadProxyCases()).toHaveLength(175);
  });

  it('leave no prose unread', () => {
    const cases = [...loadRequestCases(), ...loadResponseCases()];
    const unread = cases
      .filter(({ notes }) => notes !== undefined)
      .filter(({ id }) => !requestNotes.has(id) && !responseNotes.has(id) && !proseOnly.has(id));

    expect(unread.map(({ id, notes }) => `${id}: ${notes}`)).toEqual([]);
  });

  it('have every case that the notes and the known gaps name', () => {
    const ids = new Set([...loadRequestCases(), ...loadResponseCases()].map(({ id }) => id));
    const named = [...requestNotes.keys(), ...responseNotes.keys(), ...proseOnly, ...loadKnownGaps().keys()];

    expect(named.filter((id) => !ids.has(id))).toEqual([]);
  });
});

describe('a case that the runner would misread', () => {
  it.each([
    ['a new key', { ...requestCase(), surprise: 1 }, 'no key but'],
    ['a new value', { ...requestCase(), expect: 'maybe' }, 'one of accept, reject, either'],
    ['a new fact', { ...requestCase(), forward: { colour: 'red' } }, 'no key but'],
    ['a missing key', { ...requestCase(), raw: undefined }, 'a string'],
    ['a character that is no byte', { ...requestCase(), raw: 'Ā' }, 'a latin1 character'],
    ['chunks of something else', { ...requestCase(), chunks: ['x'] }, 'do not add up'],
    ['a choice without a preference', { ...requestCase(), expect: 'either' }, 'prefer belongs'],
  ])('is an error: %s', (_, value, message) => {
    expect(() => checkRequestCase(value, 'case')).toThrow(message);
  });

  it('is an error among the responses and PROXY headers too', () => {
    expect(() => checkResponseCase({ ...responseCase(), surprise: 1 }, 'case')).toThrow('no key but');
    expect(() => checkResponseCase({ ...responseCase(), on_pass: undefined }, 'case')).toThrow(
      'one of relay',
    );
    expect(() => checkProxyCase({ hex: '00' }, 'case')).toThrow('case.id');
    expect(checkResponseCase(responseCase(), 'case')).toEqual(responseCase());
  });
});

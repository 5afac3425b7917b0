import { HttpRequest, HttpHeaders } from '@sluice/codec-http';
import { EmbeddedChannel } from '@sluice/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  AccessLogEntry,
  combinedFormat,
  compileTextFormat,
  jsonFormat,
  tabFormat,
} from '@sluice/handler-access-log';

const PRINTABLE = /^[\t -~]*$/;

it.each([
  ['a\r\nGET / 200', '"a\\x0d\\x0aGET / 200"', 'a\\x0d\\x0aGET\\x20/\\x20200'],
  ['\u001b[31m', '"\\x1b[31m"', '\\x1b[31m'],
  ['"\\', '"\\"\\\\"', '\\"\\\\'],
  ['\u0085\u007f\u00ff', '"\\x85\\x7f\\xff"', '\\x85\\x7f\\xff'],
  ['\u2028€', '"\\u2028\\u20ac"', '\\u2028\\u20ac'],
])('escapes %j between quotes and without', (value, quoted, unquoted) => {
  const entry = entryWith(value);

  expect(compileTextFormat('"%STREAM_ID%"')(entry)).toBe(quoted);
  expect(compileTextFormat('%STREAM_ID%')(entry)).toBe(unquoted);
  expect(JSON.parse(jsonFormat({ id: '%STREAM_ID%' })(entry))).toEqual({ id: value });
});

it('keeps a line one line of as many columns, whatever a value is', () => {
  const tab = tabFormat();
  const columns = tab(entryWith('x')).split('\t').length;
  const columnsOfTemplate = compileTextFormat('%STREAM_ID% %PROTOCOL% "%STREAM_ID%"');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      const entry = entryWith(value);
      for (const format of [tab, combinedFormat(), jsonFormat(), columnsOfTemplate]) {
        expect(format(entry)).toMatch(PRINTABLE);
      }
      expect(tab(entry).split('\t')).toHaveLength(columns);
      expect(columnsOfTemplate(entry)).toMatch(/^\S+ HTTP\/1\.1 "(?:[^"\\]|\\.)*"$/);
      expect(JSON.parse(jsonFormat()(entry))).toMatchObject({ requestId: value });
    }),
  );
}, 60_000);

it('escapes a field as the client sent it', () => {
  const headers = HttpHeaders.of([['User-Agent', 'caf\u00e9 "x"\t\\']]);
  const request = new HttpRequest({ method: 'GET', target: '/', authority: 'a', headers });
  const entry = new AccessLogEntry(new EmbeddedChannel(), request);

  expect(compileTextFormat('"%REQ(USER-AGENT)%"')(entry)).toBe('"caf\\xe9 \\"x\\"\\x09\\\\"');
});

it('cuts a value that is too long, before it is escaped', () => {
  const entry = entryWith('\n'.repeat(100));

  expect(compileTextFormat('%STREAM_ID%', { maxValueLength: 2 })(entry)).toBe('\\x0a\\x0a');
  expect(compileTextFormat('%STREAM_ID:3%', { maxValueLength: 2 })(entry)).toBe('\\x0a\\x0a');
  expect(jsonFormat({ id: '%STREAM_ID%' }, { maxValueLength: 1 })(entry)).toBe('{"id":"\\n"}');
});

function entryWith(requestId: string): AccessLogEntry {
  const request = new HttpRequest({ method: 'GET', target: '/', authority: 'a' });
  const entry = new AccessLogEntry(new EmbeddedChannel(), request);
  entry.fields = { requestId };
  return entry;
}

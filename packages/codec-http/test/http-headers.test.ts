import { describe, expect, it } from 'vitest';
import {
  FieldLine,
  HttpHeaders,
  HttpRequest,
  HttpRequestDecoder,
  HttpResponse,
  InvalidHeaderError,
  OWNED_FIELDS,
} from '../src/index.ts';
import { bytes } from './support.ts';

describe('HttpHeaders', () => {
  it('compares names without case and keeps order and case', () => {
    const headers = HttpHeaders.of([
      ['X-b', '1'],
      ['x-A', '2'],
      ['X-B', '3'],
    ]);

    expect([...headers]).toEqual([
      ['X-b', '1'],
      ['x-A', '2'],
      ['X-B', '3'],
    ]);
    expect(headers.names()).toEqual(['x-b', 'x-a']);
    expect(headers.get('x-B')).toBe('1');
    expect(headers.getAll('x-B')).toEqual(['1', '3']);
    expect(headers.size).toBe(3);
  });

  it('is made of an object with a value for each name', () => {
    expect(lines(HttpHeaders.of({ A: '1', b: '2' }))).toBe('A: 1\r\nb: 2\r\n');
    expect(() => HttpHeaders.of({ A: undefined as never })).toThrow('The value of A must be a string');
  });

  it.each([
    ['received', received('A: 1\r\nB: 2\r\na: 3\r\n')] as const,
    [
      'set',
      HttpHeaders.of([
        ['A', '1'],
        ['B', '2'],
        ['a', '3'],
      ]),
    ] as const,
  ])('changes %s fields', (_origin, headers) => {
    headers.set('a', '4').add('C', '5');
    expect(lines(headers)).toBe('a: 4\r\nB: 2\r\nC: 5\r\n');

    expect(headers.delete('b')).toBe(true);
    expect(headers.delete('b')).toBe(false);
    expect(lines(headers)).toBe('a: 4\r\nC: 5\r\n');
  });

  it('writes received lines as they came, and rebuilds those with unusual white space', () => {
    const canonical = 'X-One: 1\r\ny-TWO: a long enough value to be copied at once\r\n';

    expect(lines(received(canonical))).toBe(canonical);
    expect(lines(received('A:1\r\nB: \t2 \t\r\nC:\r\nD: \xe9\r\n'))).toBe(
      'A: 1\r\nB: 2\r\nC: \r\nD: \xe9\r\n',
    );
  });

  it('copies on the first change, on either side', () => {
    const original = received('A: 1\r\n');
    const copy = original.copy();

    copy.set('A', '2');
    original.add('B', '3');

    expect(lines(original)).toBe('A: 1\r\nB: 3\r\n');
    expect(lines(copy)).toBe('A: 2\r\n');
  });

  it('finds tokens in lists over several fields', () => {
    const headers = HttpHeaders.of([
      ['Vary', 'a, B'],
      ['vary', ',c'],
    ]);

    expect(['a', 'b', 'C'].every((token) => headers.containsToken('VARY', token))).toBe(true);
    expect(headers.containsToken('vary', 'd')).toBe(false);
  });

  it.each(['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'then'])(
    'treats %s as any name',
    (name) => {
      const headers = received(`${name}: x\r\n`);

      expect(headers.get(name)).toBe('x');
      expect(new HttpHeaders().get(name)).toBeUndefined();
      expect(headers.set(name, 'y').get(name)).toBe('y');
    },
  );

  it.each(['', 'a b', 'a:', 'a\r\n', 'é', 'a\0'])('refuses the name %j', (name) => {
    expect(() => new HttpHeaders().add(name, '1')).toThrow(InvalidHeaderError);
  });

  it.each(['a\r\nb: c', 'a\nb', 'a\0', 'a\x7f', 'a\u0100', '\v'])('refuses the value %j', (value) => {
    expect(() => new HttpHeaders().set('a', value)).toThrow(InvalidHeaderError);
  });

  it('trims SP and HTAB alone', () => {
    expect(HttpHeaders.of([['a', ' \t\xa0x \t']]).get('a')).toBe('\xa0x');
  });

  it.each([...OWNED_FIELDS])('refuses %s and names the property %s', (name, property) => {
    expect(() => new HttpHeaders().set(name.toUpperCase(), '1')).toThrow(`"${property}"`);
    expect(() => new HttpHeaders().delete(name)).toThrow(InvalidHeaderError);
  });
});

describe('HttpRequest', () => {
  const init = { method: 'GET', target: '/', authority: 'A.test:80' };

  it('has sensible defaults', () => {
    expect(new HttpRequest(init)).toMatchObject({
      minorVersion: 1,
      framing: 'none',
      contentLength: -1,
      keepAlive: true,
    });
    expect(new HttpRequest({ ...init, contentLength: 0 }).framing).toBe('length');
    expect(new HttpRequest(init)).toMatchObject({ authority: 'a.test:80', host: 'a.test', port: 80 });
  });

  it.each([
    { method: 'G T' },
    { target: 'x' },
    { target: '/ x' },
    { target: '/\r\n' },
    { target: '/#' },
    { authority: 'a/b' },
  ])('refuses %j, at once and later', (wrong) => {
    expect(() => new HttpRequest({ ...init, ...wrong })).toThrow(InvalidHeaderError);
    expect(() => Object.assign(new HttpRequest(init), wrong)).toThrow(InvalidHeaderError);
  });
});

describe('HttpResponse', () => {
  it('has sensible defaults', () => {
    expect(new HttpResponse({ status: 404 })).toMatchObject({
      reason: 'Not Found',
      framing: 'chunked',
      keepAlive: true,
    });
    expect(new HttpResponse({ status: 100 }).isInformational).toBe(true);
    expect(new HttpResponse({ status: 101 }).isInformational).toBe(false);
  });

  it('takes the usual reason with a status, but for one that is set behind it', () => {
    const response = new HttpResponse({ status: 200 });
    response.status = 503;
    expect(response.reason).toBe('Service Unavailable');
    response.reason = 'Later';
    expect([response.status, response.reason]).toEqual([503, 'Later']);
  });

  it.each([{ status: 99 }, { status: 1000 }, { status: 200.5 }, { reason: 'a\r\nb' }, { reason: '\u0100' }])(
    'refuses %j',
    (wrong) => {
      expect(() => new HttpResponse({ status: 200, ...wrong })).toThrow(InvalidHeaderError);
      expect(() => Object.assign(new HttpResponse({ status: 200 }), wrong)).toThrow(InvalidHeaderError);
    },
  );
});

function received(fields: string): HttpHeaders {
  let headers = new HttpHeaders();
  const decoder = new HttpRequestDecoder({
    onHead: (request) => {
      headers = request.headers;
    },
    onContent: () => {},
    onLast: () => {},
  });
  decoder.decode(bytes(`GET / HTTP/1.1\r\nHost: a\r\n${fields}\r\n`));
  decoder.dispose();
  return headers;
}

function lines(headers: HttpHeaders): string {
  const out = Buffer.alloc(headers.byteLength);
  expect(headers.writeTo(out, 0, '', '')).toBe(out.length);
  return out.toString('latin1');
}

describe('a FieldLine', () => {
  it('is one field of as many messages as one likes, each of which can be changed alone', () => {
    const line = new FieldLine('X-Proto', ' https ');
    const [first, second] = [HttpHeaders.of([['a', '1']]), new HttpHeaders()];
    first.addLine(line).addLine(line);
    second.addLine(line);
    first.set('x-proto', 'http');

    expect([...first]).toEqual([
      ['a', '1'],
      ['x-proto', 'http'],
    ]);
    expect([...second]).toEqual([['X-Proto', 'https']]);
    expect(second.get('x-PROTO')).toBe('https');
  });

  it.each([
    ['a b', 'x'],
    ['a', 'x\r\nb: y'],
    ['Content-Length', '1'],
  ])('is not made of %j and %j', (name, value) => {
    expect(() => new FieldLine(name, value)).toThrow(InvalidHeaderError);
  });
});

import { expect, it } from 'vitest';
import { MessageReader } from './message-reader.ts';

const RESPONSES = [
  'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n',
  'HTTP/1.1 200 OK\r\nx-token: 1\r\ncontent-length: 5\r\n\r\nhello',
  'HTTP/1.1 200 OK\r\nx-token: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n3;x\r\ncde\r\n0\r\n\r\n',
].join('');

it.each([1, 2, 7, RESPONSES.length])('shows heads and bodies fed in pieces of %i bytes', (size) => {
  const heads: string[] = [];
  const bodies: string[] = [];
  let body = '';
  const ended = (): void => {
    bodies.push(body);
    body = '';
  };
  const reader = new MessageReader('response', ended, {
    head: (head) => heads.push(head),
    body: (bytes) => (body += bytes.toString('latin1')),
  });
  for (let at = 0; at < RESPONSES.length; at += size) {
    reader.push(Buffer.from(RESPONSES.slice(at, at + size), 'latin1'));
  }

  expect(heads.map((head) => /x-token: (\d)\r\n/.exec(head)?.[1])).toEqual(['1', '2']);
  expect(bodies).toEqual(['hello', 'abcde']);
});

import { connect } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');

/** Takes one long answer of the origin as fast as it comes; resolves to the bytes of its body, however it ended. */
export function download(port: number, bytes: number): Promise<number> {
  const socket = connect({ host: '127.0.0.1', port });
  let received = 0;
  let head: Buffer | undefined = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.on('data', (piece: Buffer) => {
    if (head === undefined) received += piece.length;
    else {
      head = Buffer.concat([head, piece]);
      const end = head.indexOf(HEAD_END);
      if (end < 0) return;
      received = head.length - end - HEAD_END.length;
      head = undefined;
    }
    if (received >= bytes) socket.end();
  });
  socket.write(`GET /stream/${bytes} HTTP/1.1\r\nHost: load.test\r\n\r\n`);
  return new Promise((resolve) => {
    socket.once('close', () => resolve(received));
  });
}

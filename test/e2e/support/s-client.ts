import { spawn } from 'node:child_process';
import { openssl } from '../../support/certificates.ts';

/**
 * What `openssl s_client` says of a connection to a port. `input` is given to it when the handshake is over; a
 * line with R renegotiates, one with Q quits.
 */
export async function sClient(port: number, args: readonly string[], input = 'Q\n'): Promise<string> {
  const child = spawn(openssl ?? '', ['s_client', '-connect', `127.0.0.1:${port}`, ...args]);
  let output = '';
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString('latin1')));
  child.stderr.on('data', (bytes: Buffer) => (output += bytes.toString('latin1')));
  // It reads its input once the handshake is over.
  child.stdin.on('error', () => {});
  if (input.endsWith('Q\n')) child.stdin.end(input);
  else child.stdin.write(input);
  await new Promise((resolve) => child.once('close', resolve));
  return output;
}

/** How an answer says where it ends, and how it breaks off instead. */
export const CUTS = [
  'length-fin',
  'length-rst',
  'chunked-fin',
  'chunked-rst',
  'close-rst',
  'tls-length',
  'tls-chunked',
  'tls-close',
] as const;

/** Those over TLS break off with the FIN of the connection, without a close_notify. */
export type Cut = (typeof CUTS)[number];

/** What an answer is, and how much of its body comes before it breaks off. */
export type CutAnswer = { cut: Cut; bytes: number; sent: number };

const TARGET = /^\/(?:tls\/)?([a-z-]+)\/(\d+)\/(\d+)$/;

function isOverTls(cut: Cut): boolean {
  return cut.startsWith('tls-');
}

/** The target that asks for it. */
export function targetOfCut({ cut, bytes, sent }: CutAnswer): string {
  return `${isOverTls(cut) ? '/tls' : ''}/${cut}/${bytes}/${sent}`;
}

/** Reads such a target; undefined for any other. */
export function cutAnswerOf(target: string): CutAnswer | undefined {
  const [, name, bytes, sent] = TARGET.exec(target) ?? [];
  const cut = CUTS.find((known) => known === name);
  return cut && { cut, bytes: Number(bytes), sent: Number(sent) };
}

/** The head, and so much of the body as comes. A chunked one may end within the line of its chunk, and never has the last. */
export function bytesOfCut({ cut, bytes, sent }: CutAnswer): string {
  const body = 'x'.repeat(bytes);
  if (cut.includes('length')) return `${head(`content-length: ${bytes}`)}${body.slice(0, sent)}`;
  if (cut.includes('close')) return `${head('connection: close')}${body.slice(0, sent)}`;
  const chunk = `${bytes.toString(16)}\r\n${body}\r\n`;
  return `${head('transfer-encoding: chunked')}${chunk.slice(0, sent)}`;
}

function head(field: string): string {
  return `HTTP/1.1 200 OK\r\n${field}\r\n\r\n`;
}

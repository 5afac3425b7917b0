export interface Settings {
  /** Where to listen. */
  readonly host: string;
  readonly port: number;
  /** The servers that requests go to. */
  readonly servers: readonly { readonly host: string; readonly port: number }[];
}

/** Reads `HOST`, `PORT` and `ORIGINS`, as `10.0.0.1:9000,10.0.0.2:9000`. Throws an error that names what is wrong. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const { HOST = '127.0.0.1', PORT = '8080', ORIGINS = '127.0.0.1:9000' } = env;
  return { host: HOST, port: portOf('PORT', PORT), servers: ORIGINS.split(',').map(serverOf) };
}

function serverOf(text: string): Settings['servers'][number] {
  const [, host = '', port = ''] = /^\[?([^[\]]+?)\]?:(\d+)$/.exec(text.trim()) ?? [];
  if (host === '') throw new Error(`ORIGINS: expected HOST:PORT, found "${text}".`);
  return { host, port: portOf('ORIGINS', port) };
}

function portOf(name: string, text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new Error(`${name}: expected a port from 0 to 65535, found "${text}".`);
}

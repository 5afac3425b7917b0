import { Agent, request, type IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { dueHash, hashOf, randomBody } from './random-body.ts';

/** One body that goes through the gateway. */
export type Body = {
  token: number;
  bytes: number;
  framing: 'length' | 'chunked';
  direction: 'down' | 'up';
};

/** Sends or takes a body; resolves to what was wrong with it, or undefined. */
export async function exchangeBody(agent: Agent, port: number, body: Body): Promise<string | undefined> {
  const { token, bytes, framing, direction } = body;
  const what = `${bytes} bytes ${direction}, ${framing}, number ${token}`;
  try {
    const due = dueHash(token, bytes);
    const hash = direction === 'down' ? await download(agent, port, body) : await upload(agent, port, body);
    return hash === due ? undefined : `${what}: ${hash}, not ${due}`;
  } catch (error) {
    return `${what}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function download(agent: Agent, port: number, { token, bytes, framing }: Body): Promise<string> {
  const asking = request({ agent, port, host: '127.0.0.1', path: `/${token}/${bytes}/${framing}` });
  asking.end();
  return hashOf(await responseTo(asking));
}

async function upload(agent: Agent, port: number, { token, bytes, framing }: Body): Promise<string> {
  const headers = framing === 'length' ? { 'content-length': bytes } : { 'transfer-encoding': 'chunked' };
  const asking = request({ agent, port, host: '127.0.0.1', path: '/', method: 'POST', headers });
  const answered = responseTo(asking);
  const [response] = await Promise.all([answered, pipeline(randomBody(token, bytes), asking)]);
  let hash = '';
  for await (const piece of response) hash += String(piece);
  return hash;
}

async function responseTo(asking: ReturnType<typeof request>): Promise<IncomingMessage> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    asking.once('response', resolve).once('error', reject);
  });
  if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`);
  return response;
}

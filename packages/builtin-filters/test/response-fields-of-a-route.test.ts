// What a route sets of a response took the Vary of the filters, and said of a compressed body what was true of the plain one.
import {
  AcceptEncodingFilter,
  CompressionOptions,
  CorsFilter,
  CorsOptions,
  CorsResponseFilter,
  HeaderMutationOptions,
  ResponseHeaderMutationFilter,
  StreamingCompressionFilter,
  WholeCompressionFilter,
} from '@sluice/builtin-filters';
import { fakeOrigin, testGateway } from '@sluice/testing';
import type { ReceivedResponse, TestGateway } from '@sluice/testing';
import { ContainerModule } from 'inversify';
import { describe, expect, it } from 'vitest';

type Fields = Readonly<Record<string, string>>;

const SITE = 'https://a.example';
const TEXT = 'All the world is a stage. '.repeat(100);

describe.each([
  ['a route', (fields: Fields) => startGateway(fields, {})],
  ['header-mutation', (fields: Fields) => startGateway({}, fields)],
])('what %s sets of a response', (_what, start) => {
  it('leaves Vary to those that add to it', async () => {
    const { headers } = await askOnce(await start({ vary: 'Accept-Language' }));

    expect(headers.getAll('vary').join(', ')).toBe('Accept-Language, Origin, Accept-Encoding');
  });

  it('is a weak ETag behind compression', async () => {
    const { headers } = await askOnce(await start({ etag: '"r"' }));

    expect(headers.get('content-encoding')).toBe('gzip');
    expect(headers.get('etag')).toBe('W/"r"');
  });

  it('keeps compression away by no-transform', async () => {
    const { headers, text } = await askOnce(await start({ 'cache-control': 'no-transform' }));

    expect(headers.has('content-encoding')).toBe(false);
    expect(text).toBe(TEXT);
  });

  it('does not say who may read it', async () => {
    const { headers } = await askOnce(await start({ 'access-control-allow-origin': '*' }));

    expect(headers.getAll('access-control-allow-origin')).toEqual([SITE]);
  });
});

/** A gateway whose route, and whose filter for fields, set these in responses that other sites may read and that are compressed. */
function startGateway(routeFields: Fields, filterFields: Fields): Promise<TestGateway> {
  return testGateway({
    filters: [
      CorsFilter,
      CorsResponseFilter,
      AcceptEncodingFilter,
      WholeCompressionFilter,
      StreamingCompressionFilter,
      ResponseHeaderMutationFilter,
    ],
    modules: [
      new ContainerModule(({ bind }) => {
        const mutations = { response: { set: filterFields } };
        bind(CorsOptions).toConstantValue(new CorsOptions({ allowedOrigins: [SITE] }));
        bind(CompressionOptions).toConstantValue(new CompressionOptions());
        bind(HeaderMutationOptions).toConstantValue(new HeaderMutationOptions(mutations));
      }),
    ],
    origins: { web: fakeOrigin({ headers: { 'content-type': 'text/plain' }, body: TEXT }) },
    routes: [{ origin: 'web', responseHeaders: { set: routeFields } }],
  });
}

async function askOnce(gateway: TestGateway): Promise<ReceivedResponse> {
  const client = gateway.connect();
  client.send({ headers: { origin: SITE, 'accept-encoding': 'gzip' } });
  // Bodies are compressed on another thread.
  while (client.responses.length === 0) await Promise.all([nextTurn(), gateway.settle()]);
  const response = await client.response();
  await gateway.stop();
  return response;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

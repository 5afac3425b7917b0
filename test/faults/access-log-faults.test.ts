import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAccessLog } from '@sluice/handler-access-log';
import { fakeOrigin, LogRecorder, testGateway } from '@sluice/testing';
import type { TestClient } from '@sluice/testing';
import { ContainerModule } from 'inversify';
import { expect, it, onTestFinished } from 'vitest';
import { AccessLog } from '@sluice/handler-access-log';
import { serverHandlers } from '@sluice/cli';

// A device of Linux on which every write fails with ENOSPC.
const FULL_DISK = '/dev/full';

it.skipIf(!existsSync(FULL_DISK))(
  'a full disk costs lines of the access log, which are counted, and no request',
  async () => {
    const logger = new LogRecorder();
    let dropped = 0;
    const onDrop = (lines: number): void => void (dropped += lines);
    const accessLog = openAccessLog({ destination: FULL_DISK, format: 'json' }, { logger, onDrop });
    onTestFinished(() => accessLog.close());
    const client = await clientOf(accessLog);
    for (let count = 0; count < 3; count++) expect((await client.request()).text).toBe('ok');
    await accessLog.close();

    expect(dropped).toBe(3);
    expect(logger.at('warn')).toEqual(['The access log can not be written; lines are lost.']);
    expect(logger.entries[0]?.fields).toMatchObject({ err: { code: 'ENOSPC' } });
    expect((await client.request()).text).toBe('ok');
  },
);

it('rotating the file under load loses no line, and tears none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-rotated-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'access.log');
  const logger = new LogRecorder();
  const accessLog = openAccessLog({ destination: path, format: 'json' }, { logger });
  const client = await clientOf(accessLog);
  for (let count = 0; count < 300; count++) {
    await client.request({ target: `/${count}` });
    if (count % 100 !== 99) continue;
    while (!existsSync(path)) await new Promise((resolve) => setImmediate(resolve));
    // As logrotate does it: by another name first, then the signal.
    renameSync(path, `${path}.${count}`);
    accessLog.reopen();
  }
  await accessLog.close();

  const files = [`${path}.99`, `${path}.199`, `${path}.299`, path];
  const lines = files.flatMap((file) =>
    existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [],
  );
  const targets = lines
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { target: string }).target);
  expect(targets).toEqual(Array.from({ length: 300 }, (_, at) => `/${at}`));
  expect(logger.at('warn')).toEqual([]);
});

/** A client of a gateway that writes this log. */
async function clientOf(accessLog: AccessLog): Promise<TestClient> {
  const gateway = await testGateway({
    handlers: serverHandlers,
    origins: { api: fakeOrigin({ body: 'ok' }) },
    modules: [new ContainerModule(({ bind }) => void bind(AccessLog).toConstantValue(accessLog))],
  });
  onTestFinished(() => gateway.stop());
  return gateway.connect();
}

import { existsSync } from 'node:fs';
import { openAccessLog } from '@sluice/handler-access-log';
import { fakeOrigin, LogRecorder, testGateway } from '@sluice/testing';
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
    const gateway = await testGateway({
      handlers: serverHandlers,
      origins: { api: fakeOrigin({ body: 'ok' }) },
      modules: [new ContainerModule(({ bind }) => void bind(AccessLog).toConstantValue(accessLog))],
    });
    onTestFinished(() => gateway.stop());
    const client = gateway.connect();
    for (let count = 0; count < 3; count++) expect((await client.request()).text).toBe('ok');
    await accessLog.close();

    expect(dropped).toBe(3);
    expect(logger.at('warn')).toEqual(['The access log can not be written; lines are lost.']);
    expect(logger.entries[0]?.fields).toMatchObject({ err: { code: 'ENOSPC' } });
    expect((await client.request()).text).toBe('ok');
  },
);

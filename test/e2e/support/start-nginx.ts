import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from '../../support/process/free-port.ts';

/** Runs nginx as an origin that serves these files; returns its port. */
export async function startNginx(
  program: string,
  files: Readonly<Record<string, Uint8Array>>,
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-nginx-'));
  const port = await freePort();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  writeFileSync(join(folder, 'nginx.conf'), configuration(folder, port));
  const started = pidFile(folder);
  const nginx = spawn(program, ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'], { stdio: 'ignore' });
  const exited = once(nginx, 'close');
  onTestFinished(async () => {
    nginx.kill('SIGKILL');
    await exited;
    rmSync(folder, { recursive: true });
  });
  await Promise.race([started, exited.then(([code]) => Promise.reject(new Error(`nginx ended: ${code}`)))]);
  return port;
}

/** One process, so that ending it ends all; everything it writes stays in its folder. */
function configuration(folder: string, port: number): string {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/tmp;`,
  );
  return `daemon off; master_process off; pid ${folder}/nginx.pid; error_log /dev/null;
events {}
http {
  access_log off; keepalive_requests 5; ${paths.join(' ')}
  server { listen 127.0.0.1:${port}; root ${folder}; }
}
`;
}

// nginx writes its process id once it listens.
function pidFile(folder: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(folder, (_event, name) => {
      if (name !== 'nginx.pid') return;
      watcher.close();
      resolve();
    });
  });
}

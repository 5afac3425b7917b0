import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { ProxyUnderTest, RunningProxy } from '../proxy/proxy-under-test.ts';

/** A proxy that understands nothing: every byte goes through, both ways, to a connection of its own. */
export const passThrough: ProxyUnderTest = {
  start(originPort: number): Promise<RunningProxy> {
    const sockets = new Set<Socket>();
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (downstream) => {
      const upstream = connect({ port: originPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
      for (const [from, to] of [
        [downstream, upstream],
        [upstream, downstream],
      ] as const) {
        sockets.add(from);
        from.on('error', () => to.destroy());
        from.on('close', () => to.destroy());
        from.pipe(to);
      }
    });
    return new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const { port } = server.address() as AddressInfo;
        resolve({ port, failure: undefined, stop: () => stop() });
      });
    });

    function stop(): Promise<void> {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    }
  },
};

/** Connects many clients when it is told to, says so when all are, and counts those whose byte is answered. */
import { connect } from 'node:net';
import { workerData } from 'node:worker_threads';

/** @type {{ address: import('node:net').TcpNetConnectOpts, count: number, flags: Int32Array }} */
const { address, count, flags } = workerData;
let waiting = count;

Atomics.wait(flags, 0, 0);
for (let client = 0; client < count; client += 1) {
  const socket = connect(address);
  socket.once('connect', () => {
    socket.write('x');
    waiting -= 1;
    if (waiting > 0) return;
    Atomics.store(flags, 1, 1);
    Atomics.notify(flags, 1);
  });
  socket.once('data', () => {
    Atomics.add(flags, 2, 1);
    socket.destroy();
  });
  // It is not answered then.
  socket.once('error', () => {});
}

// A worker of node:cluster that listens with a ServerSocketChannel and echoes: see cluster-handles.test.ts.
import cluster from 'node:cluster';
import { Server } from 'node:net';
import {
  ChannelInitializer,
  NodeEventLoop,
  ServerBootstrap,
  ServerSocketChannel,
  SystemClock,
} from '@sluice/core';

if (cluster.isPrimary) {
  const workers = [cluster.fork(), cluster.fork()];
  const ports = await Promise.all(
    workers.map((worker) => new Promise((resolve) => void worker.once('message', resolve))),
  );
  for (const worker of workers) worker.on('message', (said) => process.send(said));
  process.send({ ports });
  process.once('disconnect', () => process.exit());
} else {
  let connectionEvents = 0;
  const { emit } = Server.prototype;
  Server.prototype.emit = function count(event, ...args) {
    if (event === 'connection') connectionEvents++;
    return emit.call(this, event, ...args);
  };
  const echo = {
    sharable: true,
    channelRead(ctx, bytes) {
      process.send({ worker: process.pid, connectionEvents, bytes: bytes.toString() });
      ctx.channel.writeAndFlush(bytes);
    },
  };
  const bound = new ServerBootstrap()
    .group(new NodeEventLoop(new SystemClock()))
    .channelFactory(() => new ServerSocketChannel())
    .childHandler(new ChannelInitializer((channel) => void channel.pipeline.addLast('echo', echo)))
    .bind({ host: '127.0.0.1', port: 0 });
  await bound.toPromise();
  process.send(bound.channel.localAddress.port);
}

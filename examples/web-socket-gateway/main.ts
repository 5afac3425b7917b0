import { webSocketGateway } from './web-socket-gateway.ts';

const port = Number(process.env['PORT'] ?? 8080);
const origins = (process.env['ORIGIN_PORTS'] ?? '9000').split(',').map(Number);
await webSocketGateway(port, origins).start();
console.log(`listening on 127.0.0.1:${port}`);

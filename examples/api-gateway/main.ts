import 'reflect-metadata/lite';
import { apiGateway } from './api-gateway.ts';

const port = Number(process.env['PORT'] ?? 8080);
await apiGateway(port, Number(process.env['ORDERS_PORT'] ?? 9000)).start();
console.log(`listening on 127.0.0.1:${port}`);

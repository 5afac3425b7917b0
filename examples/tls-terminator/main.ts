import { tlsTerminator } from './tls-terminator.ts';

const {
  PORT = '8443',
  ORIGIN_PORT = '9000',
  CERT = 'cert.pem',
  KEY = 'key.pem',
  LB = '127.0.0.1',
} = process.env;
const gateway = tlsTerminator({
  port: Number(PORT),
  originPort: Number(ORIGIN_PORT),
  certFile: CERT,
  keyFile: KEY,
  loadBalancers: LB.split(','),
});
await gateway.start();
console.log(`listening on 127.0.0.1:${PORT}`);

export { PassportLoggingHandler } from './passport-logging-handler.ts';
export { PassportLoggingOptions } from './passport-logging-options.ts';
export { PassportStateHttpClientHandler } from './passport-state-http-client-handler.ts';
export { PassportStateHttpServerHandler } from './passport-state-http-server-handler.ts';
export { PassportStateOriginHandler } from './passport-state-origin-handler.ts';
export { PassportStateServerHandler } from './passport-state-server-handler.ts';

export { PassportHistory, PassportHistoryOptions } from './passport-history.ts';
export type { PassportRecord } from './passport-record.ts';
export { PassportRecordingHandler } from './passport-recording-handler.ts';

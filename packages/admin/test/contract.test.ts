import { describeHandler } from '@sluice/testing';
import { describe, it } from 'vitest';
import { PassportHistory, PassportRecordingHandler } from '@sluice/admin';

describeHandler({ describe, it }, () => new PassportRecordingHandler(new PassportHistory()));

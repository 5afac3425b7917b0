import { IdleStateEvent } from '@sluice/handler-idle-state';
import { describe, expect, it } from 'vitest';

describe('IdleStateEvent', () => {
  it('I-13: says its state, and whether it is the first', () => {
    expect(String(IdleStateEvent.FIRST_READER_IDLE)).toBe('IdleStateEvent(READER_IDLE, first)');
    expect(String(IdleStateEvent.ALL_IDLE)).toBe('IdleStateEvent(ALL_IDLE)');
  });

  it.each(['READER_IDLE', 'WRITER_IDLE', 'ALL_IDLE'] as const)('%s has two shared constants', (state) => {
    for (const isFirst of [true, false]) {
      expect(IdleStateEvent.of(state, isFirst)).toBe(IdleStateEvent.of(state, isFirst));
      expect(IdleStateEvent.of(state, isFirst)).toMatchObject({ state, isFirst });
    }
  });
});

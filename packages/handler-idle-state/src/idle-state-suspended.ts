import { AttributeKey } from '@sluice/core';

/**
 * True while something else ends the channel when it is quiet for too long, as the endpoint of a
 * tunnel does: an IdleStateHandler counts no time as idle meanwhile.
 */
export const IDLE_STATE_SUSPENDED = AttributeKey.valueOf<boolean>('_idle_state_suspended');

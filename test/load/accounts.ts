import { atMost, exactly, type Finding } from './finding.ts';
import type { GatewayUnderTest } from './gateway/gateway-under-test.ts';
import type { MemoryReading } from './gateway/memory-reading.ts';
import type { Metrics } from './gateway/metrics.ts';

const MIB = 1_048_576;
/** Code that was compiled, what undoes it again, feedback, a table that grew: not per connection. */
const HEAP_LEFT_MIB = 6;

/** That nothing is left of the connections between two readings at rest. */
export function leftOver(of: string, base: MemoryReading, after: MemoryReading): Finding[] {
  const heapMib = (after.heapUsed - base.heapUsed) / MIB;
  return [
    exactly('20', `${of}: fds after all are closed`, after.fds, base.fds),
    exactly('20', `${of}: sockets after all are closed`, after.sockets, base.sockets),
    exactly('20', `${of}: timers after all are closed`, after.timers, base.timers),
    atMost('20', `${of}: heap that stays`, heapMib, HEAP_LEFT_MIB, 'MiB'),
  ];
}

/** That all connections that were accepted are closed, and nothing is under way. */
export function connectionAccounts(metrics: Metrics): Finding[] {
  const opened = metrics.sum('server_connections_connect_total');
  const closed = metrics.sum('server_connections_close_total');
  return [
    exactly(
      '40',
      'gauges of what is under way that are not 0',
      metrics.underWay().join(', ') || 'none',
      'none',
    ),
    exactly('40', 'connections closed, of those accepted', closed, opened),
  ];
}

/** That the gateway has logged no error, but for those that have `due` in them. */
export function quietLog(gateway: GatewayUnderTest, due?: string): Finding {
  const lines = gateway.errorLines().filter((line) => due === undefined || !line.includes(due));
  return exactly(
    '40',
    'errors in the log',
    lines.length === 0 ? 'none' : lines.slice(0, 3).join('\n'),
    'none',
  );
}

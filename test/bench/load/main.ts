/** The load generator: a process of its own that answers each `LoadCommand` with a `Measurement`. */
import { runLoad } from './load-run.ts';
import type { LoadCommand } from './protocol.ts';

process.on('message', (command: LoadCommand) => {
  void runLoad(command).then((measurement) => process.send?.(measurement));
});
// The load must not outlive a bench that was killed.
process.once('disconnect', () => process.exit());

import type { Reporter, TestModule } from 'vitest/node';

/** Closes a run with one plain line that any log reader can find. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const states = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => test.result().state),
    );
    const count = (state: string): number => states.filter((other) => other === state).length;
    // A file that fails to load has no tests, yet it is a failure.
    const broken = modules.filter((module) => !module.ok() && module.children.size === 0).length;
    console.log(`${count('passed')} passed, ${count('failed') + broken} failed, ${count('skipped')} skipped`);
  }
}

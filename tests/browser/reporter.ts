import type { FullResult, Reporter, TestCase, TestResult } from '@playwright/test/reporter';

/** Prints "N passed, N failed" as the last line. */
export default class CountReporter implements Reporter {
  private readonly outcomes = new Map<string, boolean>();

  onTestEnd(test: TestCase, result: TestResult): void {
    if (result.status !== 'skipped') this.outcomes.set(test.id, test.ok());
  }

  onEnd(_result: FullResult): void {
    const passed = [...this.outcomes.values()].filter((ok) => ok).length;
    console.log(`${passed} passed, ${this.outcomes.size - passed} failed`);
  }

  printsToStdio(): boolean {
    return true;
  }
}

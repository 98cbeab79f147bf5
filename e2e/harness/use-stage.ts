import { afterAll, afterEach, type RunnerTask } from 'vitest';
import { Stage } from './stage';

/**
 * A stage for the tests of a file, or one for each test. To be called where tests are declared, at
 * the top of a file or of a `describe`.
 */
export function useStage(lifetime: 'file' | 'test' = 'file'): Stage {
  const stage = new Stage();
  let testsRun = 0;
  afterEach(async ({ task }) => {
    testsRun += 1;
    if (task.result?.state === 'fail') await stage.keepEvidence(nameOf(task));
    if (lifetime === 'test') await stage.close();
  });
  afterAll(async ({}, suite) => {
    // A set-up that failed ran no test, so its evidence would be lost otherwise.
    if (testsRun === 0) await stage.keepEvidence(`set-up of ${suite.name}`);
    await stage.close();
  });
  return stage;
}

function nameOf(task: Readonly<RunnerTask>): string {
  const parents = task.suite === undefined ? task.file.name : nameOf(task.suite);
  return `${parents} ${task.name}`;
}

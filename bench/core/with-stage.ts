/** A stage for as long as something is measured on it. */
import { Stage } from '../../e2e/harness/stage';

/**
 * Opens a stage and closes it in the end; where what was measured failed, what its pages showed and
 * its server wrote is kept first.
 */
export async function withStage<T>(name: string, use: (stage: Stage) => Promise<T>): Promise<T> {
  const stage = new Stage();
  try {
    return await use(stage);
  } catch (error) {
    await stage.keepEvidence(`bench ${name}`);
    throw error;
  } finally {
    await stage.close();
  }
}

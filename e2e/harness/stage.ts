/**
 * Everything one test or one file of tests opens. Each resource is registered the moment it exists
 * and closed in reverse order, also after a failure; what a failed test leaves to look at is kept
 * in `e2e/output/`.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from '../../scripts/build/paths';
import { markedProcesses, STAGE_MARK } from './orphans';
import { until } from './until';

const outputDir = path.join(projectRoot, 'e2e', 'output');

interface Resource {
  name: string;
  close: () => Promise<void> | void;
  /** Writes what helps to understand a failure into a folder. */
  keepEvidence?: (folder: string) => Promise<void>;
}

/** Registry of what a test opened. */
export class Stage {
  private readonly resources: Resource[] = [];
  private readonly mark = randomUUID();

  /** Environment for every process the stage starts; see `orphans.ts`. */
  get environment(): Record<string, string> {
    const inherited = Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    return { ...Object.fromEntries(inherited), [STAGE_MARK]: this.mark };
  }

  /** Registers a resource. Its `close` must not mind being called twice. */
  own(resource: Resource): void {
    this.resources.push(resource);
  }

  /** Closes a resource by name before the stage ends. */
  async release(name: string): Promise<void> {
    const resource = [...this.resources].reverse().find((candidate) => candidate.name === name);
    if (resource === undefined) throw new Error(`There is no ${name} on this stage.`);
    this.resources.splice(this.resources.indexOf(resource), 1);
    await resource.close();
  }

  /** Keeps what every resource has to show, in a folder named after the test. */
  async keepEvidence(testName: string): Promise<void> {
    if (this.resources.length === 0) return;
    const folder = path.join(outputDir, testName.replaceAll(/[^\w-]+/gu, '-').slice(0, 100));
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    for (const { name, keepEvidence } of this.resources) {
      await keepEvidence?.(folder).catch((error: unknown) =>
        process.stderr.write(`No evidence of ${name}: ${String(error)}\n`),
      );
    }
    process.stderr.write(`Evidence of the failed test is in ${folder}\n`);
  }

  /**
   * Closes everything, the newest first, and makes sure that no process is left.
   *
   * @throws Error when something could not be closed or left a process behind.
   */
  async close(): Promise<void> {
    const problems: string[] = [];
    for (const { name, close } of this.resources.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        problems.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    await until('every process of the test to end', () => markedProcesses(this.mark), isEmpty, {
      timeoutMs: 10_000,
    }).catch((error: unknown) => problems.push(String(error)));
    for (const { pid } of markedProcesses(this.mark)) process.kill(pid, 'SIGKILL');
    if (problems.length > 0) throw new Error(`Not everything was closed: ${problems.join('; ')}`);
  }
}

function isEmpty(list: readonly unknown[]): boolean {
  return list.length === 0;
}

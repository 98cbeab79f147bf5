/** Drives `e2e/programs/lan-host.ts` on a host of the network lab. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { projectRoot } from '../../scripts/build/paths';
import type { Stage } from './stage';
import { until } from './until';

const factSchema = v.object({
  found: v.optional(
    v.array(
      v.object({
        name: v.string(),
        host: v.string(),
        port: v.number(),
        isSecure: v.boolean(),
        fingerprint: v.optional(v.string()),
      }),
    ),
  ),
  finding: v.optional(v.looseObject({ isFound: v.boolean() })),
});

type Fact = v.InferOutput<typeof factSchema>;

/** A host that looks for servers, or announces some. */
export class LanHost {
  private answers: Fact[] = [];
  private latest: NonNullable<Fact['found']> = [];

  private constructor(private readonly child: ChildProcess) {
    if (child.stdout === null) throw new Error('The host has no output.');
    createInterface({ input: child.stdout }).on('line', (line) => {
      const fact = v.parse(factSchema, JSON.parse(line));
      if (fact.found === undefined) this.answers.push(fact);
      else this.latest = fact.found;
    });
  }

  /** Starts it behind a prefix such as `ip netns exec NAME`; it ends with the stage. */
  static async start(stage: Stage, prefix: readonly string[]): Promise<LanHost> {
    const folder = await mkdtemp(path.join(tmpdir(), 'sightline-host-'));
    const program = path.join(projectRoot, 'e2e', 'programs', 'lan-host.ts');
    const command = [...prefix, process.execPath, '--import', 'tsx', program, folder];
    const child = spawn(command[0] ?? '', command.slice(1), {
      cwd: projectRoot,
      stdio: ['pipe', 'pipe', 'inherit'],
      env: stage.environment,
    });
    stage.own({
      name: 'lan host',
      async close() {
        if (child.exitCode === null) {
          child.stdin.end();
          await once(child, 'exit');
        }
        await rm(folder, { recursive: true, force: true });
      },
    });
    return new LanHost(child);
  }

  /** The servers it has found so far. */
  get found(): NonNullable<Fact['found']> {
    return this.latest;
  }

  /** Gives it a command and waits for the answer. */
  async tell(command: Record<string, unknown>): Promise<Fact> {
    const count = this.answers.length;
    this.child.stdin?.write(`${JSON.stringify(command)}\n`);
    await until(
      `an answer to ${String(command['do'])}`,
      () => this.answers.length,
      (length) => length > count,
    );
    return this.answers[count] ?? {};
  }
}

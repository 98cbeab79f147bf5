/** A disk that can be filled: a small file system in memory, mounted for a test. Needs root on Linux. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import type { Stage } from './stage';

/** Room enough for a server's files, and soon full. */
const SIZE = '256k';

const FILLER = 'filler';

const roomSchema = v.object({ invitations: v.array(v.object({ name: v.string() })) });

/** Why this machine cannot mount a small disk; undefined when it can. */
export function smallDiskObstacle(): string | undefined {
  if (process.platform !== 'linux') return 'small disks are mounted on Linux only';
  if (process.getuid?.() !== 0) return 'only root may mount a disk';
  const folder = mkdtempSync(path.join(tmpdir(), 'sightline-probe-'));
  const { status, stderr } = mount(folder);
  if (status === 0) spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true, force: true });
  return status === 0 ? undefined : `this root may not mount a disk: ${stderr.trim()}`;
}

/** See the head of this file. */
export class SmallDisk {
  /** Where it is mounted. */
  readonly folder = mkdtempSync(path.join(tmpdir(), 'sightline-disk-'));
  private isMounted = true;

  /** Mounts it until the stage ends. */
  constructor(stage: Stage) {
    const { status, stderr } = mount(this.folder);
    if (status !== 0) throw new Error(`The small disk could not be mounted: ${stderr}`);
    stage.own({ name: 'small disk', close: () => this.close() });
  }

  /** Fills it to the last byte, or leaves some pages of it free. */
  fill({ leaveBytes = 0 }: { leaveBytes?: number } = {}): void {
    const file = openSync(path.join(this.folder, FILLER), 'w');
    const block = Buffer.alloc(1024);
    try {
      for (;;) writeSync(file, block);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    } finally {
      closeSync(file);
    }
    if (leaveBytes === 0) return;
    const filler = path.join(this.folder, FILLER);
    truncateSync(filler, statSync(filler).size - leaveBytes);
  }

  /** Makes space again. */
  free(): void {
    rmSync(path.join(this.folder, FILLER));
  }

  /** Files that were begun and never finished. */
  leftovers(): string[] {
    return readdirSync(this.folder).filter((name) => name.endsWith('.new'));
  }

  /** Invitations in the server's file of the room; it throws where the file is not whole. */
  invitations(): string[] {
    const text = readFileSync(path.join(this.folder, 'access.json'), 'utf8');
    return v.parse(roomSchema, JSON.parse(text)).invitations.map(({ name }) => name);
  }

  /** Lines of the audit log after a full disk that are no entry; the one that was cut off counts not. */
  brokenAuditLines(): number {
    const lines = readFileSync(path.join(this.folder, 'audit.jsonl'), 'utf8').trim().split('\n');
    const broken = lines.filter((line) => !isJson(line)).length;
    return Math.max(0, broken - 1);
  }

  private close(): void {
    if (this.isMounted) execFileSync('umount', ['-l', this.folder]);
    this.isMounted = false;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

function mount(folder: string): { status: number | null; stderr: string } {
  const options = ['-t', 'tmpfs', '-o', `size=${SIZE},mode=0700`, 'tmpfs', folder];
  return spawnSync('mount', options, { encoding: 'utf8' });
}

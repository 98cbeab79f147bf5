/**
 * Two hosts with a network between them, made of Linux network namespaces: `desk` with the server
 * and the console, `phone` with a phone. The cable can be pulled and the phone can move to another
 * address. Needs root.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findProgram } from '../../scripts/provision/system-packages';
import { chromiumExecutable } from './browsers';
import type { Stage } from './stage';

/** Hosts of the lab. */
export type LabHost = 'desk' | 'phone';

/** Network of the lab: private as in any building, and closed to the machine's own networks. */
const NETWORK = '192.168.77';

/** Address of the desk. */
export const DESK_ADDRESS = `${NETWORK}.1`;

/** Whether this machine's kernel gives interfaces IPv6 addresses by itself. */
const HAS_IPV6 = existsSync('/proc/sys/net/ipv6');

/** Why this machine cannot have a lab; undefined when it can. */
export function labObstacle(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces exist on Linux only';
  if (process.getuid?.() !== 0) return 'only root may create network namespaces';
  if (findProgram('ip') === undefined) return 'the program ip is missing; install iproute2';
  // Root inside a container often may not, whatever it is called.
  const probe = `sightline-probe-${randomBytes(3).toString('hex')}`;
  try {
    execFileSync(ipProgram(), ['netns', 'add', probe], { stdio: 'pipe' });
    execFileSync(ipProgram(), ['netns', 'exec', probe, 'true'], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return `this root may not use network namespaces: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    spawnSync(ipProgram(), ['netns', 'del', probe]);
  }
}

/** The two hosts and the cable between them. */
export class NetworkLab {
  private readonly id = randomBytes(3).toString('hex');
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'sightline-lab-'));
  private phoneAddress = `${NETWORK}.2`;

  /** Makes the hosts; the stage takes them down. */
  constructor(stage: Stage) {
    stage.own({ name: 'network lab', close: () => this.close() });
    for (const host of ['desk', 'phone'] as const) this.ip('netns', 'add', this.namespace(host));
    this.ip('link', 'add', this.cable('desk'), 'type', 'veth', 'peer', 'name', this.cable('phone'));
    for (const host of ['desk', 'phone'] as const) {
      this.ip('link', 'set', this.cable(host), 'netns', this.namespace(host));
      // An IPv6 address that settles seconds later is a change of networks to a browser.
      if (HAS_IPV6) this.on(host, 'link', 'set', this.cable(host), 'addrgenmode', 'none');
      this.on(host, 'link', 'set', 'lo', 'up');
      this.on(host, 'link', 'set', this.cable(host), 'up');
    }
    this.on('desk', 'address', 'add', `${DESK_ADDRESS}/24`, 'dev', this.cable('desk'));
    this.on('phone', 'address', 'add', `${this.phoneAddress}/24`, 'dev', this.cable('phone'));
    this.addDefaultRoutes();
  }

  /** What to put before a command that is to run on a host. */
  prefix(host: LabHost): string[] {
    return [ipProgram(), 'netns', 'exec', this.namespace(host)];
  }

  /** A Chromium that runs on a host. The tests drive it over pipes, so it needs no way out. */
  chromium(host: LabHost): string {
    const file = path.join(this.folder, `chromium-${host}`);
    const command = [...this.prefix(host), chromiumExecutable()].map((part) => `'${part}'`);
    writeFileSync(file, `#!/bin/sh\nexec ${command.join(' ')} "$@"\n`);
    chmodSync(file, 0o755);
    return file;
  }

  /** Pulls the phone's end of the cable. */
  unplug(): void {
    this.on('phone', 'link', 'set', this.cable('phone'), 'down');
  }

  /** Plugs it in again; the way out is set anew, as a phone's system does. */
  plugIn(): void {
    this.on('phone', 'link', 'set', this.cable('phone'), 'up');
    this.addDefaultRoutes();
  }

  /**
   * Takes the phone's address and gives it another one, as another access point would.
   *
   * @returns the new address.
   */
  movePhone(): string {
    const moved = this.phoneAddress.endsWith('.2') ? `${NETWORK}.3` : `${NETWORK}.2`;
    this.on('phone', 'address', 'del', `${this.phoneAddress}/24`, 'dev', this.cable('phone'));
    this.on('phone', 'address', 'add', `${moved}/24`, 'dev', this.cable('phone'));
    this.phoneAddress = moved;
    this.addDefaultRoutes();
    return moved;
  }

  /**
   * Gives the desk another address beside its own, as a second network would.
   *
   * @returns the added address.
   */
  addDeskAddress(): string {
    const added = `${NETWORK}.9`;
    this.on('desk', 'address', 'add', `${added}/24`, 'dev', this.cable('desk'));
    return added;
  }

  /**
   * Gives the phone's host another address beside its own: somebody else on the same network.
   *
   * @returns the added address.
   */
  addNeighbor(): string {
    const added = `${NETWORK}.66`;
    this.on('phone', 'address', 'add', `${added}/24`, 'dev', this.cable('phone'));
    return added;
  }

  /** Takes the hosts down. */
  close(): void {
    for (const host of ['desk', 'phone'] as const) {
      if (this.namespaces().includes(this.namespace(host))) {
        this.ip('netns', 'del', this.namespace(host));
      }
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Browsers look for their own address by asking for the way to a public one. */
  private addDefaultRoutes(): void {
    this.on('desk', 'route', 'replace', 'default', 'via', this.phoneAddress);
    this.on('phone', 'route', 'replace', 'default', 'via', DESK_ADDRESS);
  }

  private namespaces(): string[] {
    return this.ip('netns', 'list')
      .split('\n')
      .map((line) => line.split(' ')[0] ?? '');
  }

  private namespace(host: LabHost): string {
    return `sightline-${this.id}-${host}`;
  }

  /** Names of network interfaces are at most 15 characters long. */
  private cable(host: LabHost): string {
    return `sl${this.id}${host === 'desk' ? 'd' : 'p'}`;
  }

  private on(host: LabHost, ...args: string[]): string {
    return this.ip('-n', this.namespace(host), ...args);
  }

  private ip(...args: string[]): string {
    return execFileSync(ipProgram(), args, { encoding: 'utf8' });
  }
}

function ipProgram(): string {
  const program = findProgram('ip');
  if (program === undefined) throw new Error('The program ip is missing: install iproute2.');
  return program;
}

/** Makes the lab's cable carry less: a token bucket filter at the phone's end of it. Needs root. */
import { execFileSync, spawnSync } from 'node:child_process';
import { findProgram } from '../../scripts/provision/system-packages';
import type { NetworkLab } from './network-lab';

/** Longest time a packet waits in the cable before it is lost: a queue as home routers have it. */
const QUEUE = '300ms';

/** More than the largest packet, and little enough to hold the rate also for short times. */
const BURST_BYTES = '6000';

/** Why this machine cannot narrow a cable; undefined when it can. */
export function narrowingObstacle(): string | undefined {
  const tc = findProgram('tc');
  if (tc === undefined) return 'the program tc is missing; install iproute2';
  const { status, stderr } = spawnSync(tc, ['qdisc', 'show', 'dev', 'lo'], { encoding: 'utf8' });
  return status === 0 ? undefined : `tc does not work: ${stderr.trim()}`;
}

/** Lets no more than so many bits a second leave the phone. */
export function narrowCable(lab: NetworkLab, bitsPerSecond: number): void {
  const bucket = ['rate', `${bitsPerSecond}bit`, 'burst', BURST_BYTES, 'latency', QUEUE];
  tcOnPhone(lab, 'replace', ...bucket);
}

/** Lets everything through again. */
export function widenCable(lab: NetworkLab): void {
  tcOnPhone(lab, 'del');
}

function tcOnPhone(lab: NetworkLab, action: 'replace' | 'del', ...rest: string[]): void {
  const [enter = '', ...words] = lab.prefix('phone');
  const onPhone = (...command: string[]) =>
    execFileSync(enter, [...words, ...command], { encoding: 'utf8' });
  const links = onPhone('ip', '-o', 'link', 'show', 'type', 'veth');
  const cable = /^\d+: (?<name>[^@:]+)/u.exec(links)?.groups?.['name'];
  if (cable === undefined) throw new Error('The phone has no cable.');
  const kind = action === 'replace' ? ['tbf'] : [];
  onPhone('tc', 'qdisc', action, 'dev', cable, 'root', ...kind, ...rest);
}

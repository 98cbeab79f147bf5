/** Makes the lab's cable lose packets at random, in both directions. Needs root and nftables. */
import { execFileSync } from 'node:child_process';
import { findProgram } from '../../scripts/provision/system-packages';
import type { NetworkLab } from './network-lab';

const TABLE = ['inet', 'sightline_loss'];

/** Why this machine cannot lose packets; undefined when it can. */
export function lossObstacle(): string | undefined {
  return findProgram('nft') === undefined
    ? 'the program nft is missing; install nftables'
    : undefined;
}

/** Drops so many of a hundred packets that reach or leave the phone. */
export function losePackets(lab: NetworkLab, percent: number): void {
  findPackets(lab);
  nft(lab, 'add', 'table', ...TABLE);
  for (const hook of ['input', 'output']) {
    nft(lab, 'add', 'chain', ...TABLE, hook, `{ type filter hook ${hook} priority 0; }`);
    // Its own commands talk to the kernel over no interface; only the cable loses.
    const onCable = hook === 'input' ? ['iifname', '!=', 'lo'] : ['oifname', '!=', 'lo'];
    const atRandom = ['numgen', 'random', 'mod', '100', '<', String(percent), 'drop'];
    nft(lab, 'add', 'rule', ...TABLE, hook, ...onCable, ...atRandom);
  }
}

/** Lets every packet through again. */
export function findPackets(lab: NetworkLab): void {
  if (nft(lab, 'list', 'tables').includes(TABLE[1] ?? '')) nft(lab, 'delete', 'table', ...TABLE);
}

function nft(lab: NetworkLab, ...words: string[]): string {
  const [enter = '', ...rest] = lab.prefix('phone');
  return execFileSync(enter, [...rest, 'nft', ...words], { encoding: 'utf8' });
}

/** Devices that are known: those that were admitted, and those that are kept out. Pure. */
import { randomUUID } from 'node:crypto';
import type { Role } from '../../protocol/fields';
import type { BlockedDevice } from '../../protocol/room-messages';
import {
  MAX_ADMITTED_DEVICES,
  MAX_BLOCKED_DEVICES,
  type AdmittedDevice,
  type StoredBlock,
} from './room-state';

/** How long a device is kept out, in milliseconds: a day outlives any show. */
const BLOCK_MS = 24 * 60 * 60 * 1000;

/** A device to remember. */
export type DeviceToAdmit = Pick<AdmittedDevice, 'deviceDigest' | 'role' | 'label'>;

/** See the head of this file. */
export class DeviceBook {
  /** By device and role, the longest known first. */
  readonly #admitted: Map<string, AdmittedDevice>;
  #blocked: StoredBlock[];

  constructor(admitted: readonly AdmittedDevice[], blocked: readonly StoredBlock[]) {
    this.#admitted = new Map(admitted.map((device) => [keyOf(device), device]));
    this.#blocked = [...blocked];
  }

  /** What is to be kept of the admitted ones. */
  get storedAdmitted(): AdmittedDevice[] {
    return [...this.#admitted.values()];
  }

  /** What is to be kept of the blocked ones. */
  get storedBlocked(): StoredBlock[] {
    return this.#blocked;
  }

  /** Whether a device has been admitted in this role. */
  isAdmitted(deviceDigest: string | undefined, role: Role): boolean {
    return deviceDigest !== undefined && this.#admitted.has(keyOf({ deviceDigest, role }));
  }

  /** Remembers a device; tells whether that is news. */
  admit(device: DeviceToAdmit, epochMs: number): boolean {
    const key = keyOf(device);
    if (this.#admitted.has(key)) return false;
    this.#admitted.set(key, { ...device, admittedAt: epochMs });
    for (const oldest of this.#admitted.keys()) {
      if (this.#admitted.size <= MAX_ADMITTED_DEVICES) break;
      this.#admitted.delete(oldest);
    }
    return true;
  }

  /** Whether a device is kept out. */
  isBlocked(deviceDigest: string | undefined, epochMs: number): boolean {
    this.#forgetOldBlocks(epochMs);
    return this.#blocked.some((block) => block.deviceDigest === deviceDigest);
  }

  /** Keeps a device out, and forgets that it was ever admitted. */
  block(deviceDigest: string, label: string, epochMs: number): void {
    for (const [key, device] of this.#admitted) {
      if (device.deviceDigest === deviceDigest) this.#admitted.delete(key);
    }
    const others = this.#blocked.filter((block) => block.deviceDigest !== deviceDigest);
    const block = { deviceId: randomUUID(), deviceDigest, label, blockedAt: epochMs };
    this.#blocked = [...others, block].slice(-MAX_BLOCKED_DEVICES);
  }

  /** Lets a device come in again; its name where there was one. */
  unblock(deviceId: string): string | undefined {
    const block = this.#blocked.find((one) => one.deviceId === deviceId);
    this.#blocked = this.#blocked.filter((one) => one !== block);
    return block?.label;
  }

  /** The blocked devices as operators see them, the latest first. */
  blocked(epochMs: number): BlockedDevice[] {
    this.#forgetOldBlocks(epochMs);
    return this.#blocked
      .map(({ deviceId, label, blockedAt }) => ({ deviceId, label, blockedAt }))
      .reverse();
  }

  #forgetOldBlocks(epochMs: number): void {
    this.#blocked = this.#blocked.filter(({ blockedAt }) => epochMs - blockedAt < BLOCK_MS);
  }
}

function keyOf({ deviceDigest, role }: Pick<AdmittedDevice, 'deviceDigest' | 'role'>): string {
  return `${role} ${deviceDigest}`;
}

/** What a fake microphone hears: noise that never stops, as a WAV file, which Chromium repeats. */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../scripts/build/paths';

const RATE = 48_000;
const SECONDS = 2;

/** Far from silence and from the loudest there is, 0 to 1. */
const LEVEL = 0.2;

/** Raised whenever the sound changes, so that no stale file is used. */
const REVISION = 1;

const HEADER_BYTES = 44;

const cacheDir = path.join(projectRoot, 'node_modules', '.cache', 'sightline', 'sounds');

/** Path of the sound, which is generated when it is not there yet: 192 kB. */
export function testSound(): string {
  const file = path.join(cacheDir, `noise-r${REVISION}.wav`);
  if (existsSync(file)) return file;
  mkdirSync(cacheDir, { recursive: true });
  const unfinished = `${file}.${randomUUID()}`;
  writeFileSync(unfinished, noise());
  renameSync(unfinished, file);
  return file;
}

/** RIFF WAVE, one channel of 16-bit PCM. */
function noise(): Buffer {
  const data = RATE * SECONDS * 2;
  const wave = Buffer.alloc(HEADER_BYTES + data);
  wave.write('RIFF', 0, 'ascii');
  wave.writeUInt32LE(HEADER_BYTES - 8 + data, 4);
  wave.write('WAVEfmt ', 8, 'ascii');
  wave.writeUInt32LE(16, 16);
  wave.writeUInt16LE(1, 20);
  wave.writeUInt16LE(1, 22);
  wave.writeUInt32LE(RATE, 24);
  wave.writeUInt32LE(RATE * 2, 28);
  wave.writeUInt16LE(2, 32);
  wave.writeUInt16LE(16, 34);
  wave.write('data', 36, 'ascii');
  wave.writeUInt32LE(data, 40);
  for (let at = HEADER_BYTES; at < wave.length; at += 2) {
    wave.writeInt16LE(Math.round((Math.random() * 2 - 1) * LEVEL * 32_767), at);
  }
  return wave;
}

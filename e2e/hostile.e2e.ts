/**
 * A live picture between two honest browsers while strangers and guests do their worst, from
 * another address and from the server's own machine. Every frame of the picture is counted.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../scripts/build/paths';
import { attack } from './harness/attacks/attacker-process';
import { ATTACKS, FLOODS } from './harness/attacks/attacks';
import { GOT_THROUGH, type Target } from './harness/attacks/target';
import { openConsole, type ConsolePage, type PictureWatch } from './harness/console-page';
import { DESK_ADDRESS, labObstacle, NetworkLab } from './harness/network-lab';
import { PhonePage } from './harness/phone-page';
import { startServer, type SignalServer } from './harness/signal-server';
import { pause, until } from './harness/until';
import { useStage } from './harness/use-stage';

/** How long the picture is watched before and after each attack, in milliseconds. */
const CALM_MS = 600;

/** How long an attack goes on that has no end of its own, in milliseconds. */
const ATTACK_MS = 1_000;

/**
 * The browsers, the attacker and the server share this machine: the picture may lose as much of its
 * rate to their hunger for processor time, and stand still for as long, without having been harmed.
 */
const LEAST_SHARE_OF_FRAMES = 0.6;
const LONGEST_STILL_MS = 1_000;

/** What the server may need more after all attacks than before, in MB; Node keeps what it once had. */
const MEMORY_GROWTH_MB = 150;

const keysSchema = v.object({ keys: v.object({ viewer: v.string(), phone: v.string() }) });
const countsSchema = v.object({ clients: v.number(), streams: v.number(), sessions: v.number() });
const entrySchema = v.object({
  msg: v.string(),
  clientId: v.optional(v.string()),
  clientType: v.optional(v.string()),
  sessionId: v.optional(v.string()),
});

const obstacle = labObstacle();
if (obstacle !== undefined) console.log(`No attacks come from another address: ${obstacle}.`);

interface Row {
  readonly name: string;
  readonly outcome: string;
  readonly picture: readonly Stretch[];
  readonly rssMb: number;
}

/** What the picture did for a while. */
interface Stretch {
  readonly fps: number;
  readonly longestGapMs: number;
}

describe('a live stream under attack', () => {
  const stage = useStage();
  const rows: Row[] = [];
  const dataDir = mkdtempSync(path.join(tmpdir(), 'sightline-hostile-'));
  let lab: NetworkLab | undefined;
  let neighbor: string | undefined;
  let server: SignalServer;
  let wall: ConsolePage;
  let watch: PictureWatch;
  let target: Target;
  /** What the honest stream is called. */
  let label = '';
  let firstRssMb = 0;

  /** The host that honest phones come from, and their way to the server. */
  const phoneSettings = (phone: number) => ({
    phone,
    flags: ['--ignore-certificate-errors'],
    ...(lab === undefined ? {} : { executable: lab.chromium('phone') }),
  });
  const phoneUrl = (): string =>
    server.urls.stream.find((url) => lab === undefined || url.includes(DESK_ADDRESS)) ?? '';

  beforeAll(async () => {
    if (obstacle === undefined) lab = new NetworkLab(stage);
    neighbor = lab?.addNeighbor();
    server = await startServer(stage, {
      access: 'keys',
      tls: 'auto',
      options: [
        '--data-dir',
        dataDir,
        '--http-port',
        '0',
        '--discovery',
        'off',
        '--resume-window',
        '1',
      ],
      ...(lab === undefined ? {} : { host: '0.0.0.0', prefix: lab.prefix('desk') }),
    });
    wall = await openConsole(stage, server, {
      flags: ['--ignore-certificate-errors'],
      ...(lab === undefined ? {} : { executable: lab.chromium('desk') }),
    });
    const phone = await PhonePage.open(stage, phoneUrl(), phoneSettings(5));
    await phone.start();
    const streamId = await wall.untilPictureOf(5);
    watch = await wall.watchPicture(streamId);
    target = { ...factsOf(streamId), durationMs: ATTACK_MS };
    label = (await wall.tile(streamId))?.label ?? '';
    expect(label).not.toBe('');
    await pause(CALM_MS);
    firstRssMb = rssMb();
  });

  afterAll(async () => {
    const folder = path.join(projectRoot, 'e2e', 'output');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'hostile.md'), tableOf(rows));
    console.log(tableOf(rows));
    rmSync(dataDir, { recursive: true, force: true });
  });

  const fromLan = lab === undefined && obstacle !== undefined ? [] : Object.keys(ATTACKS);
  const fromHere = obstacle === undefined ? FLOODS : Object.keys(ATTACKS);

  it.each(fromLan)('does not notice %s', async (name) => {
    await endure(name, name, {
      prefix: lab?.prefix('phone') ?? [],
      target: {
        ...target,
        host: DESK_ADDRESS,
        ...(neighbor === undefined ? {} : { from: neighbor }),
      },
    });
  });

  it.each(fromHere)('does not notice %s from the same machine', async (name) => {
    await endure(`${name} (same machine)`, name, { prefix: lab?.prefix('desk') ?? [], target });
  });

  it('lets a new phone join in the middle of it', async () => {
    const others = { ...target, durationMs: 12_000 };
    const { from, host } =
      neighbor === undefined
        ? { from: {}, host: target.host }
        : { from: { from: neighbor }, host: DESK_ADDRESS };
    const names = ['silent sockets', 'connection flood', 'guessed keys', 'slow headers'];
    const prefix = lab?.prefix('phone') ?? [];
    const assaults = await Promise.all(
      names.map((name) => attack(stage, name, { prefix, target: { ...others, host, ...from } })),
    );
    const beganAt = Date.now();
    const phone = await PhonePage.open(stage, phoneUrl(), phoneSettings(3));
    await phone.start();
    await wall.untilPictureOf(3);
    const joinedAt = Date.now();
    const outcomes = await Promise.all(assaults.map(({ outcome }) => outcome));
    console.log(`joined after ${joinedAt - beganAt} ms amid: ${outcomes.join(' | ')}`);
    // It was still going on.
    expect(joinedAt - beganAt).toBeLessThan(others.durationMs);
    await phone.kill();
  });

  it('leaves the server as large as it was', () => {
    const grownMb = rssMb() - firstRssMb;
    console.log(`memory of the server: ${firstRssMb} MB before, ${firstRssMb + grownMb} MB after`);
    expect(grownMb).toBeLessThan(MEMORY_GROWTH_MB);
  });

  async function endure(
    title: string,
    name: string,
    by: { prefix: readonly string[]; target: Target },
  ): Promise<void> {
    const before = await countsOf();
    const calmFrom = Date.now();
    await pause(CALM_MS);
    const { beganAt, outcome } = await attack(stage, name, by);
    const words = await outcome;
    const endedAt = Date.now();
    await pause(CALM_MS);
    const picture = [
      await stretch(calmFrom, beganAt),
      await stretch(beganAt, endedAt),
      await stretch(endedAt, Date.now()),
    ];
    rows.push({ name: title, outcome: words, picture, rssMb: rssMb() });
    // Those who broke off are remembered for their resume window.
    await until(
      'the counts to be as before',
      countsOf,
      (counts) => JSON.stringify(counts) === JSON.stringify(before),
      { timeoutMs: 45_000, everyMs: 200 },
    );
    expect(words).not.toMatch(GOT_THROUGH);
    const [calm, during, after] = picture;
    for (const seen of [during, after]) {
      expect(seen?.fps).toBeGreaterThan((calm?.fps ?? 0) * LEAST_SHARE_OF_FRAMES);
      expect(seen?.longestGapMs).toBeLessThan(LONGEST_STILL_MS);
    }
    expect(await wall.tile(target.streamId)).toMatchObject({ state: 'live', label });
  }

  async function stretch(from: number, to: number): Promise<Stretch> {
    const frames = (await watch.changes()).map(({ at }) => at).filter((at) => at > from && at < to);
    const times = [from, ...frames, to];
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
    return {
      fps: Math.round((frames.length * 10_000) / (to - from)) / 10,
      longestGapMs: Math.max(...gaps),
    };
  }

  /** Asked by the console: the server may be on a host that only its browser can reach. */
  async function countsOf(): Promise<v.InferOutput<typeof countsSchema>> {
    const health = await wall.page.evaluate(
      async () => (await fetch('/healthz')).json() as Promise<unknown>,
    );
    return v.parse(countsSchema, health);
  }

  function factsOf(streamId: string): Omit<Target, 'durationMs'> {
    const { keys } = v.parse(
      keysSchema,
      JSON.parse(readFileSync(path.join(dataDir, 'access.json'), 'utf8')),
    );
    const entries = server.logged
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => v.parse(entrySchema, JSON.parse(line)));
    const clientOf = (type: string): string =>
      entries.find(({ msg, clientType }) => msg === 'client connected' && clientType === type)
        ?.clientId ?? '';
    const sessionId = entries.find(({ msg }) => msg === 'session opened')?.sessionId ?? '';
    expect(sessionId).not.toBe('');
    return {
      host: '127.0.0.1',
      port: Number(new URL(server.url('stream')).port),
      phoneKey: keys.phone,
      viewerKey: keys.viewer,
      phoneId: clientOf('streamer'),
      consoleId: clientOf('viewer'),
      streamId,
      sessionId,
    };
  }

  function rssMb(): number {
    const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
    const kilobytes = Number(/^VmRSS:\s+(?<size>\d+)/mu.exec(status)?.groups?.['size']);
    return Math.round(kilobytes / 1024);
  }
});

function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ name, outcome, picture, rssMb }) => {
    const seen = picture.map(({ fps, longestGapMs }) => `${fps} fps, ${longestGapMs} ms`);
    return `| ${[name, outcome, ...seen, `${rssMb} MB`].join(' | ')} |`;
  });
  return [
    '| attack | what the attacker saw | picture before (rate, longest gap) | during | after | server |',
    '| --- | --- | --- | --- | --- | --- |',
    ...lines,
    '',
  ].join('\n');
}

/** Sightline's server and the bare relay side by side, with the process that loads them. */
import { cpuSecondsOf } from '../core/cpu-time';
import { interleave, type Round } from '../core/interleave';
import type { BenchContext } from '../core/benchmark';
import { LoadProcess } from './load-process';
import { startBare, startSightline, type LoadedServer, type ServerSettings } from './servers';

/** A load that takes more of its core than this may be what limits a figure. */
export const BUSY_LOAD = 0.9;

/** One of the two, and the name of its fleets. */
export interface Contestant {
  readonly fleet: 'sightline' | 'bare';
  readonly server: LoadedServer;
}

/** How long it took to let clients in, and what that took of either core; in milliseconds. */
export interface Opening {
  readonly milliseconds: number;
  readonly serverMs: number;
  readonly loadMs: number;
}

/** How many of each a fleet has. */
export interface FleetSize {
  readonly phones: number;
  readonly consoles: number;
}

/** See the head of this file. */
export class Contest {
  readonly load: LoadProcess;
  readonly #context: BenchContext;
  readonly #bareBundle: string;

  /** @param bareBundle - the bare relay, as built */
  constructor(context: BenchContext, bareBundle: string) {
    this.load = LoadProcess.start(context.stage);
    this.#context = context;
    this.#bareBundle = bareBundle;
  }

  /** Starts one of the two. */
  async start(fleet: Contestant['fleet'], settings: ServerSettings): Promise<Contestant> {
    const { stage } = this.#context;
    const server =
      fleet === 'sightline'
        ? await startSightline(stage, settings)
        : await startBare(stage, this.#bareBundle, settings);
    return { fleet, server };
  }

  /** Connects clients; those that are there stay. */
  async open({ fleet, server }: Contestant, size: FleetSize): Promise<Opening> {
    const spent = (): readonly [number, number] => [
      cpuSecondsOf(server.pid),
      cpuSecondsOf(this.load.pid),
    ];
    const before = spent();
    const milliseconds = await this.load.ask('open', {
      fleet,
      plan: { ...server.access, ...size },
    });
    const after = spent();
    return {
      milliseconds,
      serverMs: (after[0] - before[0]) * 1000,
      loadMs: (after[1] - before[1]) * 1000,
    };
  }

  /** Cuts all its clients off and ends the server. */
  async end({ fleet, server }: Contestant): Promise<void> {
    await this.load.ask('close', { fleet });
    await server.stop();
  }

  /** Ends the load, and with it all clients; servers stay. */
  close(): Promise<void> {
    return this.load.end();
  }

  /** Measures both in turn, with as many paired clients, which stay connected all the while. */
  async compare<T>(
    name: string,
    settings: ServerSettings & FleetSize,
    measure: (contestant: Contestant) => Promise<T>,
  ): Promise<Round<T>[]> {
    const both: Contestant[] = [];
    try {
      for (const fleet of ['sightline', 'bare'] as const) {
        const contestant = await this.start(fleet, settings);
        both.push(contestant);
        await this.open(contestant, settings);
        await this.load.ask('couple', { fleet });
      }
      const [sightline, bare] = both;
      if (sightline === undefined || bare === undefined) throw new Error('There are two.');
      const sides = { sightline: () => measure(sightline), bare: () => measure(bare) };
      return await interleave(this.#context, sides, { name });
    } finally {
      for (const contestant of both) await this.end(contestant);
    }
  }
}

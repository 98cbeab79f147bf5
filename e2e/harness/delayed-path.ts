/**
 * A path between two browsers on this machine that takes as long as a test wants: every ICE
 * candidate that a page is told is replaced by a UDP socket of ours, which hands each packet on
 * after the delay, in either direction. Nothing else leads from one page to the other.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import type { Page } from 'playwright';
import type { Stage } from './stage';

/** Name of the function that pages ask for a way to a candidate. */
const BINDING = 'sightlineDelayedWay';

/** Where a browser that hides its addresses can be reached, as any browser here. */
const OWN_ADDRESS =
  Object.values(networkInterfaces())
    .flat()
    .find((entry) => entry?.internal === false && entry.family === 'IPv4')?.address ?? '127.0.0.1';

/** See the head of this file. */
export class DelayedPath {
  /** One way, in milliseconds; may be changed while packets flow. */
  delayMs = 0;
  private readonly sockets: Socket[] = [];
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(stage: Stage) {
    stage.own({ name: 'delayed path', close: () => this.close() });
  }

  /** Makes this the only way from a page to others; loads the page anew. */
  async lead(page: Page): Promise<void> {
    await page.exposeFunction(BINDING, (address: string, port: number) =>
      this.wayTo(address, port),
    );
    await page.addInitScript(replaceCandidates, BINDING);
    await page.reload();
  }

  /** Ends every way. Idempotent. */
  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    for (const socket of this.sockets.splice(0)) socket.close();
  }

  /** A socket whose packets go to a candidate, and the candidate's to whoever sent the last one. */
  private async wayTo(
    address: string,
    port: number,
  ): Promise<{ address: string; port: number } | undefined> {
    // Everything here has an IPv4 address too.
    if (address.includes(':')) return undefined;
    const target = { address: address.endsWith('.local') ? OWN_ADDRESS : address, port };
    let sender: RemoteInfo | undefined;
    const socket = createSocket('udp4');
    this.sockets.push(socket);
    socket.on('message', (packet, from) => {
      const isAnswer = from.port === target.port && from.address === target.address;
      if (!isAnswer) sender = from;
      const to = isAnswer ? sender : target;
      if (to !== undefined) this.later(() => socket.send(packet, to.port, to.address));
    });
    // A browser that has gone refuses packets, which is no failure of the path.
    socket.on('error', () => undefined);
    socket.bind(0, OWN_ADDRESS);
    await once(socket, 'listening');
    return { address: OWN_ADDRESS, port: socket.address().port };
  }

  private later(send: () => void): void {
    if (this.delayMs === 0) {
      send();
      return;
    }
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      send();
    }, this.delayMs);
    this.timers.add(timer);
  }
}

/** Runs inside a page, so it uses nothing but its argument. */
function replaceCandidates(binding: string): void {
  const wayTo = Reflect.get(window, binding) as (
    address: string,
    port: number,
  ) => Promise<{ address: string; port: number } | undefined>;

  /** The candidate by the other way; undefined where there is none, as for TCP. */
  const replaced = async (line: string): Promise<string | undefined> => {
    const parts = line.split(' ');
    if (parts[2]?.toLowerCase() !== 'udp') return undefined;
    const way = await wayTo(parts[4] ?? '', Number(parts[5]));
    if (way === undefined) return undefined;
    return [...parts.slice(0, 4), way.address, way.port, ...parts.slice(6)].join(' ');
  };

  window.RTCPeerConnection = class extends window.RTCPeerConnection {
    override async addIceCandidate(candidate?: RTCIceCandidateInit | null): Promise<void> {
      const line = candidate?.candidate ?? '';
      if (line === '') return super.addIceCandidate(candidate);
      const other = await replaced(line);
      if (other !== undefined) {
        await super.addIceCandidate({ ...init(candidate), candidate: other });
      }
    }

    override async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
      const lines = await Promise.all(
        (description.sdp ?? '').split('\r\n').map(async (line) => {
          if (!line.startsWith('a=candidate:')) return line;
          const other = await replaced(line.slice('a='.length));
          return other === undefined ? undefined : `a=${other}`;
        }),
      );
      const sdp = lines.filter((line) => line !== undefined).join('\r\n');
      await super.setRemoteDescription({ type: description.type, sdp });
    }
  };

  /** Also an `RTCIceCandidate`, whose members a spread would miss. */
  function init(candidate: RTCIceCandidateInit | null | undefined): RTCIceCandidateInit {
    const { sdpMid, sdpMLineIndex, usernameFragment } = candidate ?? {};
    return {
      ...(sdpMid === undefined ? {} : { sdpMid }),
      ...(sdpMLineIndex === undefined ? {} : { sdpMLineIndex }),
      ...(usernameFragment === undefined ? {} : { usernameFragment }),
    };
  }
}

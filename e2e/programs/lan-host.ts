/**
 * A host of the network lab, as far as discovery goes: looks for servers and joins them as the
 * desktop does, announces what it is told, or keeps others from multicast. Takes one command a line
 * as JSON; answers each, and tells of every server found, with one line of JSON.
 */
import { createSocket } from 'node:dgram';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { ServerBrowser } from '../../desktop/main/discovery/server-browser';
import { createLog } from '../../desktop/main/log';
import { originsFor } from '../../desktop/main/server-address';
import { SettingsFile } from '../../desktop/main/settings-file';
import { findServer } from '../../desktop/main/trust/find-server';
import { lookAtServer } from '../../desktop/main/trust/secure-look';
import { TrustedServers } from '../../desktop/main/trust/trusted-servers';
import { Announcer } from '../../signal/server/discovery/announcer';

const commandSchema = v.variant('do', [
  v.object({ do: v.literal('look') }),
  v.object({ do: v.literal('join'), name: v.string(), confirmed: v.optional(v.string()) }),
  v.object({
    do: v.literal('announce'),
    name: v.string(),
    port: v.number(),
    fingerprint: v.string(),
  }),
  v.object({ do: v.literal('occupy-mdns') }),
]);

const log = createLog('warn', (line) => process.stderr.write(line));
const trusted = new TrustedServers(
  new SettingsFile(path.join(process.argv[2] ?? '.', 'settings.json'), log),
);
const browser = new ServerBrowser({ log });
const announcers: Announcer[] = [];

function tell(fact: object): void {
  process.stdout.write(`${JSON.stringify(fact)}\n`);
}

async function obey(command: v.InferOutput<typeof commandSchema>): Promise<object> {
  switch (command.do) {
    case 'look':
      browser.onChanged(() => tell({ found: browser.servers }));
      browser.start();
      return { isLooking: true };
    case 'join': {
      const server = browser.servers.find(({ name }) => name === command.name);
      if (server === undefined) return { finding: undefined };
      const address = `${server.host}:${server.port}`;
      const origins = originsFor(`https://${address}`);
      const finding = await findServer(
        { address, origins, announced: server.fingerprint, confirmed: command.confirmed },
        { trusted, hasKey: () => false, fetch, lookAt: lookAtServer, nowMs: Date.now },
      );
      return { finding };
    }
    case 'announce': {
      const { name, port, fingerprint } = command;
      const announcement = { name, isSecure: true, fingerprint, version: '0.1.0' };
      const logger = { info: () => undefined, warn: () => log.warn('cannot announce') };
      announcers.push(new Announcer({ announcement, port, logger }));
      return { isAnnounced: true };
    }
    case 'occupy-mdns':
      return new Promise((resolve, reject) => {
        const socket = createSocket({ type: 'udp4', reuseAddr: false });
        socket.once('error', reject);
        socket.bind(5353, '0.0.0.0', () => resolve({ isOccupied: true }));
      });
  }
}

createInterface({ input: process.stdin })
  .on('line', (line) => void obey(v.parse(commandSchema, JSON.parse(line))).then(tell))
  .on('close', () => {
    browser.close();
    void Promise.all(announcers.map((announcer) => announcer.close())).then(() => process.exit(0));
  });

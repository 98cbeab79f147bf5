/** Valid messages for tests; each test overrides what it is about. */
import type { StreamInfo, Welcome } from '../protocol/messages';

/** A readable UUID: the same number gives the same id. */
export function idOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** A stream as the server describes it. */
export function streamOf(streamId: string, facts: Partial<StreamInfo> = {}): StreamInfo {
  return {
    streamId,
    label: 'Camera',
    device: { kind: 'phone' },
    capture: { state: 'active', hasAudio: true, microphoneMuted: false },
    connection: 'connected',
    viewerCount: 0,
    startedAt: 1_000,
    ...facts,
  };
}

/** The welcome of a server that knows nothing yet. */
export function welcomeOf(facts: Partial<Welcome> = {}): Welcome {
  return {
    type: 'welcome',
    protocolVersion: 1,
    serverName: 'Test server',
    clientId: idOf(1),
    role: 'operator',
    resumed: false,
    resumeToken: 'token-of-the-first-welcome',
    resumeWindowMs: 30_000,
    iceServers: [],
    limits: { maxFrameBytes: 65_536, maxStreams: 64 },
    joinAddresses: [],
    streams: [],
    sessions: [],
    ...facts,
  };
}

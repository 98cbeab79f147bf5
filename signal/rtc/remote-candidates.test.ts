import { beforeEach, describe, expect, it } from 'vitest';
import { FakePeerConnection } from '../testing/fake-peer-connection';
import { RemoteCandidates } from './remote-candidates';

class Taker {
  remoteDescription: { readonly sdp: string } | null = null;
  readonly added: string[] = [];
  refused: string | undefined;

  describeAs(fragment: string): void {
    const sdp = `v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=ice-ufrag:${fragment}\r\n`;
    this.remoteDescription = { sdp };
  }

  addIceCandidate({ candidate = '' }: RTCIceCandidateInit): Promise<void> {
    if (candidate === this.refused) {
      return Promise.reject(new DOMException('Unknown mid', 'OperationError'));
    }
    this.added.push(candidate);
    return Promise.resolve();
  }
}

function candidate(name: string, usernameFragment?: string | null): RTCIceCandidateInit {
  return {
    candidate: name,
    sdpMid: '0',
    ...(usernameFragment === undefined ? {} : { usernameFragment }),
  };
}

describe('RemoteCandidates', () => {
  let taker: Taker;
  let candidates: RemoteCandidates;

  beforeEach(() => {
    taker = new Taker();
    candidates = new RemoteCandidates(taker);
  });

  it('keeps what comes before its description', async () => {
    await candidates.add(candidate('early', 'abcd'));
    expect(taker.added).toEqual([]);
    taker.describeAs('abcd');
    await candidates.flush();
    await candidates.flush();
    expect(taker.added).toEqual(['early']);
  });

  it('adds at once what comes after it', async () => {
    taker.describeAs('abcd');
    await candidates.add(candidate('late', 'abcd'));
    expect(taker.added).toEqual(['late']);
  });

  it('drops what belongs to a description that ICE has left behind', async () => {
    await candidates.add(candidate('early and old', 'old1'));
    taker.describeAs('new1');
    await candidates.flush();
    await candidates.add(candidate('late and old', 'old1'));
    expect(taker.added).toEqual([]);
  });

  it('takes candidates of browsers that do not name their fragment', async () => {
    taker.describeAs('abcd');
    await candidates.add(candidate('unnamed'));
    await candidates.add(candidate('null', null));
    expect(taker.added).toEqual(['unnamed', 'null']);
  });

  it('adds all others where one is refused, and tells of that', async () => {
    taker.refused = 'bad';
    for (const name of ['one', 'bad', 'two']) await candidates.add(candidate(name));
    taker.describeAs('abcd');
    await expect(candidates.flush()).rejects.toThrow('Unknown mid');
    expect(taker.added).toEqual(['one', 'two']);
  });

  it('fits a peer connection', async () => {
    const connection = new FakePeerConnection();
    const queue = new RemoteCandidates(connection);
    await queue.add(candidate('early'));
    await connection.setRemoteDescription({ type: 'offer', sdp: 'v=0\r\n' });
    await queue.flush();
    expect(connection.candidates).toHaveLength(1);
  });
});

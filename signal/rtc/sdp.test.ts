import { describe, expect, it } from 'vitest';
import { iceUsernameFragments, withStartBitrate } from './sdp';

function sdp(lines: string): string {
  return `${lines.trim().split('\n').join('\r\n')}\r\n`;
}

/** An answer as Chromium 156 writes it; trimmed to one of each kind of format. */
const CHROMIUM = sdp(`
v=0
o=- 5650065100684029367 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0 1
a=extmap-allow-mixed
a=msid-semantic: WMS
m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9
c=IN IP4 0.0.0.0
a=ice-ufrag:dGbP
a=ice-pwd:uXSoDU6YG6efKRl8IOZuyr8i
a=mid:0
a=recvonly
a=rtcp-mux
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:63 red/48000/2
a=fmtp:63 111/111
a=rtpmap:9 G722/8000
m=video 9 UDP/TLS/RTP/SAVPF 96 97 102 103 45 98 118 119 120 35
c=IN IP4 0.0.0.0
a=ice-ufrag:dGbP
a=ice-pwd:uXSoDU6YG6efKRl8IOZuyr8i
a=mid:1
a=recvonly
a=rtcp-mux
a=rtcp-rsize
a=rtpmap:96 VP8/90000
a=rtcp-fb:96 goog-remb
a=rtcp-fb:96 nack pli
a=rtpmap:97 rtx/90000
a=fmtp:97 apt=96
a=rtpmap:102 H264/90000
a=rtcp-fb:102 nack pli
a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f
a=rtpmap:103 rtx/90000
a=fmtp:103 apt=102
a=rtpmap:45 AV1/90000
a=fmtp:45 level-idx=5;profile=0;tier=0
a=rtpmap:98 VP9/90000
a=fmtp:98 profile-id=0
a=rtpmap:118 red/90000
a=rtpmap:119 rtx/90000
a=fmtp:119 apt=118
a=rtpmap:120 ulpfec/90000
a=rtpmap:35 flexfec-03/90000
a=fmtp:35 repair-window=10000000
`);

/** An answer as Firefox 153 writes it: all fmtp lines stand before all rtpmap lines. */
const FIREFOX = sdp(`
v=0
o=mozilla...THIS_IS_SDPARTA-99.0 4098085013358431161 0 IN IP4 0.0.0.0
s=-
t=0 0
a=sendrecv
a=group:BUNDLE 0 1
a=ice-options:trickle
a=msid-semantic:WMS *
m=audio 9 UDP/TLS/RTP/SAVPF 109 101
c=IN IP4 0.0.0.0
a=recvonly
a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1
a=fmtp:101 0-15
a=ice-pwd:63eb5b1b2f9d36dfeb43e67b0155d93f
a=ice-ufrag:96b70c67
a=mid:0
a=rtpmap:109 opus/48000/2
a=rtpmap:101 telephone-event/8000
a=setup:active
m=video 9 UDP/TLS/RTP/SAVPF 120 124 99 100 123 122 119
c=IN IP4 0.0.0.0
a=recvonly
a=extmap-allow-mixed
a=fmtp:120 max-fs=12288;max-fr=60
a=fmtp:124 apt=120
a=fmtp:100 apt=99
a=fmtp:119 apt=122
a=ice-pwd:63eb5b1b2f9d36dfeb43e67b0155d93f
a=ice-ufrag:96b70c67
a=mid:1
a=rtcp-fb:120 nack
a=rtpmap:120 VP8/90000
a=rtpmap:124 rtx/90000
a=rtpmap:99 AV1/90000
a=rtpmap:100 rtx/90000
a=rtpmap:123 ulpfec/90000
a=rtpmap:122 red/90000
a=rtpmap:119 rtx/90000
a=setup:active
`);

/** In the shape of Safari's answers: H.264 high and baseline first, then VP8. */
const SAFARI = sdp(`
v=0
o=- 3406104361352411000 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
a=msid-semantic: WMS
m=video 9 UDP/TLS/RTP/SAVPF 96 97 98 100 127
c=IN IP4 0.0.0.0
a=ice-ufrag:6Ab+
a=mid:0
a=recvonly
a=rtpmap:96 H264/90000
a=fmtp:96 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=640c1f
a=rtpmap:97 rtx/90000
a=fmtp:97 apt=96
a=rtpmap:98 H264/90000
a=fmtp:98 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
a=rtpmap:100 VP8/90000
a=rtcp-fb:100 goog-remb
a=rtpmap:127 red/90000
`);

/** Lines of the second that the first does not have. */
function added(before: string, after: string): string[] {
  const known = new Set(before.split('\r\n'));
  return after.split('\r\n').filter((line) => !known.has(line));
}

describe('withStartBitrate', () => {
  it('changes the picture formats of Chromium and nothing else', () => {
    const changed = withStartBitrate(CHROMIUM, 2_500_000);
    expect(added(CHROMIUM, changed)).toEqual([
      'a=fmtp:96 x-google-start-bitrate=2500',
      'a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f;x-google-start-bitrate=2500',
      'a=fmtp:45 level-idx=5;profile=0;tier=0;x-google-start-bitrate=2500',
      'a=fmtp:98 profile-id=0;x-google-start-bitrate=2500',
    ]);
    // What was there with an fmtp line is changed in place; VP8 had none and got one.
    expect(added(changed, CHROMIUM)).toHaveLength(3);
  });

  it('puts a new fmtp line right behind its rtpmap line', () => {
    expect(withStartBitrate(CHROMIUM, 1_000_000)).toContain(
      'a=rtpmap:96 VP8/90000\r\na=fmtp:96 x-google-start-bitrate=1000\r\n',
    );
  });

  it('finds the formats of Firefox, whose fmtp lines come first', () => {
    const changed = withStartBitrate(FIREFOX, 2_500_000);
    expect(added(FIREFOX, changed)).toEqual([
      'a=fmtp:120 max-fs=12288;max-fr=60;x-google-start-bitrate=2500',
      'a=fmtp:99 x-google-start-bitrate=2500',
    ]);
  });

  it('changes every format of Safari, so that its first choice starts high too', () => {
    expect(added(SAFARI, withStartBitrate(SAFARI, 2_500_000))).toEqual([
      'a=fmtp:96 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=640c1f;x-google-start-bitrate=2500',
      'a=fmtp:98 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f;x-google-start-bitrate=2500',
      'a=fmtp:100 x-google-start-bitrate=2500',
    ]);
  });

  it('changes all video sections', () => {
    const twice = SAFARI + SAFARI.slice(SAFARI.indexOf('m=video')).replace('a=mid:0', 'a=mid:1');
    const changed = withStartBitrate(twice, 2_000_000);
    expect(changed.match(/x-google-start-bitrate=2000/gu)).toHaveLength(6);
  });

  it('keeps every line end as it was', () => {
    const changed = withStartBitrate(CHROMIUM, 2_500_000);
    expect(changed.endsWith('\r\n')).toBe(true);
    expect(changed.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/u);
  });

  it('writes whole kilobits', () => {
    expect(withStartBitrate(SAFARI, 1_234_567)).toContain('x-google-start-bitrate=1235');
  });

  it('leaves a description without video as it is', () => {
    const audioOnly = CHROMIUM.slice(0, CHROMIUM.indexOf('m=video'));
    expect(withStartBitrate(audioOnly, 2_500_000)).toBe(audioOnly);
    expect(withStartBitrate('', 2_500_000)).toBe('');
  });

  it('applied again changes the bitrate, and adds nothing', () => {
    const once = withStartBitrate(CHROMIUM, 2_500_000);
    expect(withStartBitrate(once, 2_500_000)).toBe(once);
    expect(withStartBitrate(once, 800_000)).toBe(withStartBitrate(CHROMIUM, 800_000));
  });
});

describe('iceUsernameFragments', () => {
  it('finds those of all sections', () => {
    expect([...iceUsernameFragments(CHROMIUM)]).toEqual(['dGbP']);
    expect([...iceUsernameFragments(FIREFOX)]).toEqual(['96b70c67']);
    expect([...iceUsernameFragments(SAFARI + FIREFOX)]).toEqual(['6Ab+', '96b70c67']);
    expect([...iceUsernameFragments('v=0\r\n')]).toEqual([]);
  });

  it('stops at the end of the line', () => {
    expect([...iceUsernameFragments('a=ice-ufrag:abcd\r\na=ice-pwd:x\r\n')]).toEqual(['abcd']);
  });
});

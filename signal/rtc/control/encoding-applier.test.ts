import { describe, expect, it } from 'vitest';
import type { Encoding } from '../../protocol/control-reports';
import { SenderParameters } from './sender-parameters';
import { EncodingApplier } from './encoding-applier';

const SMALL: Encoding = {
  isActive: true,
  scaleResolutionDownBy: 4,
  maxBitrateBps: 300_000,
  maxFramerate: 15,
};
const HIDDEN: Encoding = { ...SMALL, isActive: false };

/** A sender that refuses or forgets single fields; it keeps the rule of webrtc-pc about reading first. */
class PickySender {
  encodings: RTCRtpEncodingParameters[] = [{ active: true }];
  refuses: (encoding: RTCRtpEncodingParameters) => string | undefined = () => undefined;
  forgets: readonly (keyof RTCRtpEncodingParameters)[] = [];
  writes = 0;
  #transaction = 0;

  getParameters(): RTCRtpSendParameters {
    this.#transaction += 1;
    return {
      transactionId: String(this.#transaction),
      codecs: [],
      headerExtensions: [],
      rtcp: {},
      encodings: structuredClone(this.encodings),
    };
  }

  async setParameters({ transactionId, encodings }: RTCRtpSendParameters): Promise<void> {
    this.writes += 1;
    if (transactionId !== String(this.#transaction)) {
      throw new DOMException('Read before', 'InvalidModificationError');
    }
    await Promise.resolve();
    const [encoding = {}] = encodings;
    const refused = this.refuses(encoding);
    if (refused !== undefined) throw new DOMException('No', refused);
    const kept = Object.entries(encoding).filter(
      ([field]) => !this.forgets.some((forgotten) => forgotten === field),
    );
    this.encodings = [Object.fromEntries(kept)];
  }
}

function applierOf(sender: PickySender): EncodingApplier {
  return new EncodingApplier(new SenderParameters(sender));
}

describe('applying an encoding', () => {
  it('sets all of it, and says so', async () => {
    const sender = new PickySender();
    const applied = await applierOf(sender).apply(SMALL);
    expect(applied).toEqual({ type: 'applied', requested: SMALL, actual: SMALL });
    expect(sender.encodings).toEqual([
      { active: true, scaleResolutionDownBy: 4, maxBitrate: 300_000, maxFramerate: 15 },
    ]);
    expect(sender.writes).toBe(1);
  });

  it('works where the browser lists no encoding yet', async () => {
    const sender = new PickySender();
    sender.encodings = [];
    expect((await applierOf(sender).apply(SMALL)).actual).toEqual(SMALL);
  });

  it('sets the rest where one is refused, and does not ask for that one again', async () => {
    const sender = new PickySender();
    sender.refuses = ({ maxFramerate }) => (maxFramerate === undefined ? undefined : 'RangeError');
    const applier = applierOf(sender);
    const { actual } = await applier.apply(SMALL);
    expect(actual).toEqual({ isActive: true, scaleResolutionDownBy: 4, maxBitrateBps: 300_000 });
    sender.writes = 0;
    await applier.apply({ ...SMALL, scaleResolutionDownBy: 2 });
    expect(sender.writes).toBe(1);
    expect(sender.encodings[0]?.scaleResolutionDownBy).toBe(2);
  });

  it('says what the browser has forgotten', async () => {
    const sender = new PickySender();
    sender.forgets = ['maxFramerate', 'scaleResolutionDownBy'];
    const { actual } = await applierOf(sender).apply(SMALL);
    expect(actual).toEqual({ isActive: true, maxBitrateBps: 300_000 });
  });

  it('sends next to nothing where a sender cannot be switched off', async () => {
    const sender = new PickySender();
    sender.refuses = ({ active }) => (active === false ? 'InvalidModificationError' : undefined);
    const applier = applierOf(sender);
    await applier.apply(HIDDEN);
    const faint = { active: true, scaleResolutionDownBy: 8, maxBitrate: 30_000, maxFramerate: 1 };
    expect(sender.encodings).toEqual([faint]);
    await applier.apply(SMALL);
    expect(sender.encodings[0]).toMatchObject({ scaleResolutionDownBy: 4, maxFramerate: 15 });
    await applier.apply(HIDDEN);
    expect(sender.encodings).toEqual([faint]);
  });

  it('does no harm where everything is refused', async () => {
    const sender = new PickySender();
    sender.refuses = () => 'OperationError';
    const { actual } = await applierOf(sender).apply(SMALL);
    expect(actual).toEqual({ isActive: true });
  });

  it('fails on a closed connection, and holds nothing against its fields', async () => {
    const sender = new PickySender();
    sender.refuses = () => 'InvalidStateError';
    const applier = applierOf(sender);
    await expect(applier.apply(SMALL)).rejects.toThrow('No');
    sender.refuses = () => undefined;
    expect((await applier.apply(SMALL)).actual).toEqual(SMALL);
  });

  it('never interleaves with another change of the same sender', async () => {
    const sender = new PickySender();
    const parameters = new SenderParameters(sender);
    const applier = new EncodingApplier(parameters);
    await Promise.all([
      applier.apply(SMALL),
      parameters.change((all) => {
        all.degradationPreference = 'balanced';
      }),
      applier.apply({ ...SMALL, maxBitrateBps: 600_000 }),
    ]);
    expect(sender.writes).toBe(3);
    expect(sender.encodings[0]?.maxBitrate).toBe(600_000);
  });
});

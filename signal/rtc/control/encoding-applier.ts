/**
 * Puts an encoding in force at one sender, as far as the browser takes it. Firefox and older Safaris
 * refuse or ignore single parameters; the rest is set all the same, and what was refused is not
 * asked for again.
 */
import type { AppliedQuality, Encoding } from '../../protocol/control-reports';
import type { SenderParameters } from './sender-parameters';

type Field = 'active' | 'scaleResolutionDownBy' | 'maxBitrate' | 'maxFramerate';

const FIELDS: readonly Field[] = ['active', 'scaleResolutionDownBy', 'maxBitrate', 'maxFramerate'];

/** Where a sender cannot be switched off it is sent as little as there is. */
const FAINT = { scaleResolutionDownBy: 8, maxBitrate: 30_000, maxFramerate: 1 } as const;

/** See the head of this file. */
export class EncodingApplier {
  readonly #parameters: Pick<SenderParameters, 'change' | 'read'>;
  readonly #refused = new Set<Field>();

  constructor(parameters: Pick<SenderParameters, 'change' | 'read'>) {
    this.#parameters = parameters;
  }

  /**
   * Applies it and says what became of it.
   * @throws DOMException `InvalidStateError` when the connection is closed.
   */
  async apply(requested: Encoding): Promise<AppliedQuality> {
    const wanted = this.#wishFor(requested);
    const allowed = FIELDS.filter((field) => !this.#refused.has(field));
    try {
      await this.#set(wanted, allowed);
    } catch (error) {
      if (isStateError(error)) throw error;
      for (const field of allowed) await this.#setAlone(wanted, field);
      if (!requested.isActive && this.#refused.has('active')) {
        await this.#set(this.#wishFor(requested), this.#left());
      }
    }
    return { type: 'applied', requested, actual: this.#actual() };
  }

  #wishFor(requested: Encoding): RTCRtpEncodingParameters {
    const wanted = {
      active: requested.isActive,
      scaleResolutionDownBy: requested.scaleResolutionDownBy,
      maxBitrate: requested.maxBitrateBps,
      maxFramerate: requested.maxFramerate,
    };
    const isFaint = !requested.isActive && this.#refused.has('active');
    return isFaint ? { ...wanted, ...FAINT } : wanted;
  }

  #left(): readonly Field[] {
    return FIELDS.filter((field) => !this.#refused.has(field));
  }

  async #setAlone(wanted: RTCRtpEncodingParameters, field: Field): Promise<void> {
    try {
      await this.#set(wanted, [field]);
    } catch (error) {
      if (isStateError(error)) throw error;
      this.#refused.add(field);
    }
  }

  async #set(wanted: RTCRtpEncodingParameters, fields: readonly Field[]): Promise<void> {
    if (fields.length === 0) return;
    await this.#parameters.change((parameters) => {
      // Older Firefoxes list no encoding until one was set.
      const encoding = parameters.encodings[0] ?? {};
      for (const field of fields) copy(wanted, encoding, field);
      parameters.encodings = [encoding];
    });
  }

  #actual(): AppliedQuality['actual'] {
    const { active, scaleResolutionDownBy, maxBitrate, maxFramerate } =
      this.#parameters.read() ?? {};
    return {
      ...(active === undefined ? {} : { isActive: active }),
      ...(scaleResolutionDownBy === undefined ? {} : { scaleResolutionDownBy }),
      ...(maxBitrate === undefined ? {} : { maxBitrateBps: maxBitrate }),
      ...(maxFramerate === undefined ? {} : { maxFramerate }),
    };
  }
}

function copy<F extends Field>(
  from: Pick<RTCRtpEncodingParameters, F>,
  to: Pick<RTCRtpEncodingParameters, F>,
  field: F,
): void {
  to[field] = from[field];
}

/** The connection is closed, or was never there: nothing is said about any field. */
function isStateError(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'InvalidStateError';
}

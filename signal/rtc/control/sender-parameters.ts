import { SerialTasks } from '../serial-tasks';

/** The sender whose parameters are changed. */
export type ParameterSender = Pick<RTCRtpSender, 'getParameters' | 'setParameters'>;

/**
 * Changes one sender's parameters, one change after the other: `setParameters` takes only what the
 * last `getParameters` gave (webrtc-pc, `[[LastReturnedParameters]]`), and there are several who
 * wish. Each connection has its own, since what a closed one was asked never settles.
 */
export class SenderParameters {
  readonly #sender: ParameterSender;
  readonly #tasks = new SerialTasks();

  constructor(sender: ParameterSender) {
    this.#sender = sender;
  }

  /**
   * Reads, changes and writes the parameters.
   * @throws what the browser refuses with; nothing is changed then.
   */
  change(modify: (parameters: RTCRtpSendParameters) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#tasks.add(async () => {
        const parameters = this.#sender.getParameters();
        modify(parameters);
        await this.#sender.setParameters(parameters);
        resolve();
      }, reject);
    });
  }

  /** The first encoding as it is now; undefined before a browser has any. */
  read(): RTCRtpEncodingParameters | undefined {
    return this.#sender.getParameters().encodings[0];
  }
}

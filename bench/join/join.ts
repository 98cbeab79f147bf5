/**
 * How long a picture lets wait: from the tap on Start to the first picture on a console that waits,
 * and from opening a console to the first picture of a phone that is live. All four pages run in
 * browsers of their own; phones send 720p of the same fake camera.
 */
import type { Benchmark, Comparison, Reading } from '../core/benchmark';
import { interleave, pairsOf, type Round } from '../core/interleave';
import { BareJoins } from './bare-joins';
import type { JoinTimes } from './join-times';
import { SightlineRoom } from './sightline-room';
import type { JoinStep } from './stage-marks';

/** Asked for of the whole; see {@link Benchmark}. */
const AIM = 1.2;

/** Of the picture that is asked for, in pixels. */
const FULL_WIDTH = 1280;

/** Steps that both sides take, as results call them. */
const TAP_STEPS: readonly (readonly [JoinStep, string])[] = [
  ['camera', 'camera open'],
  ['offer', 'offer made'],
  ['remote-answer', 'answer there'],
  ['ice', 'ICE connected'],
  ['dtls', 'DTLS connected'],
  ['packet', 'first packet'],
];
const OPENING_STEPS: readonly (readonly [JoinStep, string])[] = [
  ['remote-offer', 'offer there'],
  ['ice', 'ICE connected'],
  ['dtls', 'DTLS connected'],
  ['packet', 'first packet'],
];

/** Steps that Sightline takes alone. */
const SOCKET_STEPS: readonly (readonly [JoinStep, string])[] = [
  ['socket-asked', 'scripts ran, socket asked for'],
  ['socket-open', 'socket open'],
  ['welcome', 'welcome there'],
];

type JoinRound = Round<JoinTimes>;

/** See the head of this file. */
export const join: Benchmark = {
  name: 'join',
  title: 'tap on Start, or opening the console, to the first picture',
  async run(context) {
    const sightline = await SightlineRoom.open(context.stage);
    const bare = await BareJoins.open(context.stage);
    const tapped = await interleave(
      context,
      { sightline: () => sightline.joinByTap(), bare: () => bare.joinByTap() },
      { name: 'tap on Start' },
    );
    await sightline.goLive();
    await bare.goLive();
    const opened = await interleave(
      context,
      {
        sightline: () => sightline.joinByOpening(),
        bare: () => bare.joinByOpening(),
      },
      { name: 'opening the console' },
    );
    return {
      comparisons: [
        total('tap on Start to first picture', tapped),
        ...TAP_STEPS.map(([step, name]) => partial(`tap to ${name}`, tapped, step)),
        total('opening the console to first picture', opened),
        ...OPENING_STEPS.map(([step, name]) => partial(`opening to ${name}`, opened, step)),
      ],
      readings: [
        ...SOCKET_STEPS.map(([step, name]) => ownStep(`opening to ${name}`, opened, step)),
        ...widths('tap on Start', tapped),
        ...widths('opening the console', opened),
      ],
      remarks: [
        'Steps are noted by events of the pages themselves (getUserMedia, descriptions, ICE and ' +
          'connection states, unmute of the video track, requestVideoFrameCallback), the same in ' +
          'both; ICE and DTLS are those of the viewer.',
        'Both cameras are cold: the process that serves them is ended before, and has to be started ' +
          'as for whoever taps Start on a phone.',
        'Bare ends get offers, answers and candidates handed over by the harness, which takes ' +
          'some milliseconds a message; the bare page is one of a few hundred bytes.',
        'What limits: an opened console is a page of its own script and style, asks for its socket ' +
          'when the first part of the script has run, and is welcomed before it may ask for a ' +
          'stream, where a bare page is handed its offer; then it is compiled and drawn while its ' +
          'picture connects.',
      ],
    };
  },
};

function total(name: string, rounds: readonly JoinRound[]): Comparison {
  const pairs = pairsOf(rounds, ({ steps }) => steps.get('frame') ?? Number.NaN);
  return { name, unit: 'ms', better: 'less', pairs, aim: AIM };
}

function partial(name: string, rounds: readonly JoinRound[], step: JoinStep): Comparison {
  const pairs = pairsOf(rounds, ({ steps }) => steps.get(step) ?? Number.NaN);
  return { name, unit: 'ms', better: 'less', pairs };
}

function ownStep(name: string, rounds: readonly JoinRound[], step: JoinStep): Reading {
  const values = rounds.map(({ sightline }) => sightline.steps.get(step) ?? Number.NaN);
  return { name, unit: 'ms', values };
}

function widths(name: string, rounds: readonly JoinRound[]): Reading[] {
  const full = { unit: 'px', better: 'more', aim: FULL_WIDTH } as const;
  return [
    {
      name: `${name}: width of the first picture`,
      ...full,
      values: rounds.map(({ sightline }) => sightline.width),
    },
    {
      name: `${name}: the same of bare`,
      ...full,
      values: rounds.map(({ bare }) => bare.width),
    },
  ];
}

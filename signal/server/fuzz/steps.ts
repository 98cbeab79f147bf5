/** What happens in a fuzzing run, one step after the other. */
import fc from 'fast-check';
import { INTRUSIONS, type Intrusion } from './actor';
import { frameSpec, type FrameSpec } from './frames';

/** One step. `who` is the place of an actor among those that it may be. */
export type Step =
  | {
      readonly do: 'say';
      readonly who: number;
      /** Said by an actor that such a message fits, or by just anybody. */
      readonly isFitting: boolean;
      readonly frame: FrameSpec;
      /** How often the frame is sent. */
      readonly times: number;
      /** Steps that it is held back, so that others overtake it. */
      readonly delay: number;
    }
  | { readonly do: 'drop'; readonly who: number; readonly how: 'close' | 'break' }
  | {
      readonly do: 'enter';
      readonly who: number;
      readonly entrance: 'resume' | 'fresh';
    }
  | {
      readonly do: 'intrude';
      readonly who: number;
      readonly victim: number;
      readonly how: Intrusion;
    };

/** More than there are actors of any kind. */
const who = fc.nat(999);

const say: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('say' as const),
  who,
  isFitting: fc.oneof(
    { weight: 5, arbitrary: fc.constant(true) },
    { weight: 1, arbitrary: fc.constant(false) },
  ),
  frame: frameSpec,
  times: fc.oneof(
    { weight: 12, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.integer({ min: 2, max: 4 }) },
  ),
  delay: fc.oneof(
    { weight: 8, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 40 }) },
  ),
});

/** Steps in any order. */
export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 60, arbitrary: say },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('drop' as const),
      who,
      how: fc.constantFrom('close' as const, 'break' as const),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('enter' as const),
      who,
      entrance: fc.constantFrom('resume' as const, 'resume' as const, 'fresh' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('intrude' as const),
      who,
      victim: who,
      how: fc.constantFrom(...INTRUSIONS),
    }),
  },
);

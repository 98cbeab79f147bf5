import axe from 'axe-core';

/**
 * What of the page breaks a rule of axe, one line each. Waits until nothing fades or moves in any
 * more: half transparent text would count as text of low contrast.
 */
export async function axeViolations(): Promise<string[]> {
  for (let moving = passing(); moving.length > 0; moving = passing()) {
    // One that is taken away with its element is over, too.
    await Promise.allSettled(moving.map(({ finished }) => finished));
  }
  const { violations } = await axe.run(document.body, { resultTypes: ['violations'] });
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ html, any }) => html + (any[0]?.message ?? '')).join(' | ')}`,
  );
}

/** Animations that come to an end by themselves and have not yet. */
function passing(): Animation[] {
  return document.getAnimations().filter(({ effect, playState }) => {
    const { iterations } = effect?.getComputedTiming() ?? {};
    return playState === 'running' && iterations !== Infinity;
  });
}

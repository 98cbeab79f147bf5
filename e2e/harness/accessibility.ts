/** Accessibility rules, checked by axe-core inside the page. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright';
import * as v from 'valibot';

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

const resultSchema = v.object({
  violations: v.array(
    v.object({
      id: v.string(),
      impact: v.nullable(v.string()),
      help: v.string(),
      nodes: v.array(v.object({ html: v.string(), failureSummary: v.optional(v.string(), '') })),
    }),
  ),
});

/**
 * Checks the page as it is now.
 *
 * @returns one line for each violation of serious or critical impact.
 */
export async function seriousViolations(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(axeFile, 'utf8'));
  const result: unknown = await page.evaluate('axe.run(document, { resultTypes: ["violations"] })');
  return v
    .parse(resultSchema, result)
    .violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, help, nodes }) =>
        `${id}: ${help} (${nodes.map((node) => `${node.html} ${node.failureSummary}`).join(' | ')})`,
    );
}

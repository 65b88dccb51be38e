import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'

/**
 * What axe finds wrong on a page as it stands, one line each; on a part of it, where one is named.
 *
 * @param where in words, for the line
 * @param part a selector
 */
export async function barriersOn(page: Page, where: string, part?: string): Promise<string[]> {
  const builder = new AxeBuilder({ page }).setLegacyMode()
  if (part !== undefined) builder.include(part)
  const { violations } = await builder.analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes
      .slice(0, 3)
      .map(({ target, any }) => `${where}: ${id} at ${target.join(' ')} ${any[0]?.message ?? ''}`),
  )
}

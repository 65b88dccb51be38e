/** Lints a snippet as if it stood in some file. */
import { ESLint, type Linter } from 'eslint'
import { untyped } from '../eslint.config.js'

const eslint = new ESLint({ overrideConfigFile: true, overrideConfig: untyped })

export async function messagesOf(file: string, code: string): Promise<Linter.LintMessage[]> {
  const [result] = await eslint.lintText(code, { filePath: file })
  return result?.messages ?? []
}

const unasked = ['@typescript-eslint/no-unused-vars', '@typescript-eslint/consistent-type-imports']

/** Names of the rules that a snippet breaks, but those that every snippet breaks. */
export async function broken(file: string, code: string): Promise<string[]> {
  const messages = await messagesOf(file, code)
  const rules = messages.map(({ ruleId, message }) => ruleId ?? message)
  return [...new Set(rules)].filter((rule) => !unasked.includes(rule))
}

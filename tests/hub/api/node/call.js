// Calls functions of @huggingface/hub as the JSON list of [name, parameters] on standard input says, and prints a
// JSON list of what they gave. Contents are base64, in both directions. A call that the Hub refuses ends the list.
import { readFileSync } from 'node:fs'
import * as hub from '@huggingface/hub'

const common = { hubUrl: process.env.HF_ENDPOINT, accessToken: process.env.HF_TOKEN }
const results = []

async function plain(value) {
  if (value instanceof Blob) return Buffer.from(await value.arrayBuffer()).toString('base64')
  if (!value?.[Symbol.asyncIterator]) return value ?? null
  const items = []
  for await (const item of value) items.push(item)
  return items
}

for (const [name, parameters] of JSON.parse(readFileSync(0, 'utf8'))) {
  for (const file of parameters.files ?? []) file.content = new Blob([Buffer.from(file.content, 'base64')])
  try {
    results.push(await plain(await hub[name]({ ...common, ...parameters })))
  } catch (error) {
    if (!(error instanceof hub.HubApiError)) throw error
    results.push({ refused: error.statusCode, message: error.message })
    break
  }
}
console.log(JSON.stringify(results))

// Does what a step can do with @actions/core, as the JSON list of calls in the first argument says.
import * as core from '@actions/core'

for (const [name, ...values] of JSON.parse(process.argv[2])) {
  if (name === 'summary') await core.summary.addRaw(values[0]).write()
  else core[name](...values)
}

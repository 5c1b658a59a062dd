// node validate.mjs <dashboard file>...
// Holds dashboard files against the types of types.ts, made into a JSON schema. One line per fault; ends with 1 when there is any.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import Ajv from 'ajv';
import { createGenerator } from 'ts-json-schema-generator';

const here = import.meta.dirname;
const schema = createGenerator({
  path: join(here, 'types.ts'),
  tsconfig: join(here, 'tsconfig.json'),
  type: 'Files',
  expose: 'none', // types of the same name are told apart by being written out where they are used
  additionalProperties: false,
}).createSchema('Files');
const kinds = Object.keys(schema.definitions.Files.properties);
const ajv = new Ajv.default({ strict: false, allErrors: true });
ajv.addSchema(schema, 'files');

let faults = 0;
const fault = text => {
  faults++;
  console.log(text);
};
const check = (kind, value, where) => {
  const validate = ajv.getSchema(`files#/definitions/Files/properties/${kind}`);
  if (validate(value)) return;
  for (const e of validate.errors) fault(`${where}${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);
};

for (const file of process.argv.slice(2)) {
  const dashboard = JSON.parse(readFileSync(file, 'utf8'));
  check('dashboard', dashboard, basename(file));
  for (const panel of dashboard.panels) {
    const where = `${basename(file)} panel ${panel.id} (${panel.type})`;
    if (kinds.includes(panel.type)) check(panel.type, { options: panel.options, fieldConfig: panel.fieldConfig }, where);
    else fault(`${where}: types.ts has no panels of this kind`);
  }
}
console.log(`${faults} faults`);
process.exitCode = faults ? 1 : 0;

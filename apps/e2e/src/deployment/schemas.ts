import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { AnySchemaObject, ValidateFunction } from 'ajv';
import type { Manifest } from './manifests.js';

/** The file of a kind, as kubernetes-json-schema names it: `deployment-apps-v1.json`, `service-v1.json`. */
function fileOf({ apiVersion, kind }: Manifest): string {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const parts = [kind.toLowerCase(), group?.split('.')[0], version];
  return `${parts.filter((part) => part !== '').join('-')}.json`;
}

/** Kubernetes' own schemas, strict (no unknown field), from a folder of one version of kubernetes-json-schema. */
export class KubernetesSchemas {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(private readonly folder: string) {
    const definitions = this.#read('_definitions.json');
    this.#ajv.addSchema(definitions, '_definitions.json');
  }

  /** What is wrong with an object; empty when it is valid. */
  problems(manifest: Manifest): readonly string[] {
    const validate = this.#validatorOf(fileOf(manifest));
    const name = `${manifest.kind} ${manifest.metadata.name}`;
    if (validate(manifest)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${name}${instancePath}: ${message ?? ''} ${JSON.stringify(params)}`,
    );
  }

  #validatorOf(file: string): ValidateFunction {
    const known = this.#validators.get(file) ?? this.#ajv.compile(this.#read(file));
    this.#validators.set(file, known);
    return known;
  }

  #read(file: string): AnySchemaObject {
    return JSON.parse(readFileSync(join(this.folder, file), 'utf8')) as AnySchemaObject;
  }
}

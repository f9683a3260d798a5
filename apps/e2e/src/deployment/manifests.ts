import { execFileSync } from 'node:child_process';
import { parseAllDocuments } from 'yaml';
import { repositoryRoot } from '../support/repository.js';

export interface EnvVariable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: { name: string; key: string; optional?: boolean } };
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly env?: readonly EnvVariable[];
  readonly envFrom?: readonly { readonly configMapRef?: { readonly name: string } }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly resources?: Record<'requests' | 'limits', Record<string, string>>;
  readonly securityContext?: Record<string, unknown>;
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
}

export interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: string };
  readonly tcpSocket?: { readonly port: string };
}

export interface PodSpec {
  readonly automountServiceAccountToken?: boolean;
  readonly enableServiceLinks?: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext?: Record<string, unknown>;
  readonly containers: readonly Container[];
  readonly volumes?: readonly Record<string, unknown>[];
}

export type Labels = Readonly<Record<string, string>>;

/** As much of any object as the checks read; `spec` is the object's own affair. */
export interface Manifest<Spec = Record<string, unknown>> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Labels };
  readonly spec: Spec;
  readonly data?: Readonly<Record<string, string>>;
}

export interface PodTemplate {
  readonly template: { readonly metadata: { readonly labels: Labels }; readonly spec: PodSpec };
}
export type Workload = Manifest<
  PodTemplate & { readonly replicas?: number; readonly selector?: { readonly matchLabels: Labels } }
>;

const WORKLOADS = ['Deployment', 'StatefulSet', 'Job'];

/** Everything that an overlay applies, as the program `KUSTOMIZE` (a path) builds it. */
export function buildOverlay(name: string): readonly Manifest[] {
  const kustomize = process.env['KUSTOMIZE'] ?? 'kustomize';
  const text = execFileSync(kustomize, ['build', `${repositoryRoot}k8s/overlays/${name}`], {
    encoding: 'utf8',
  });
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

export const ofKind = <Spec>(manifests: readonly Manifest[], kind: string): readonly Manifest<Spec>[] =>
  manifests.filter((manifest) => manifest.kind === kind) as readonly Manifest<Spec>[];

export const workloads = (manifests: readonly Manifest[]): readonly Workload[] =>
  manifests.filter(({ kind }) => WORKLOADS.includes(kind)) as unknown as readonly Workload[];

export const onlyContainer = (workload: Workload): Container => {
  const [container, ...others] = workload.spec.template.spec.containers;
  if (container === undefined || others.length > 0)
    throw new Error(`${workload.metadata.name} has ${others.length + 1} containers instead of 1`);
  return container;
};

export const selects = (selector: Labels, labels: Labels): boolean =>
  Object.entries(selector).every(([name, value]) => labels[name] === value);

/** What the process finds in its environment; a secret's value is its key. */
export function environmentOf(container: Container, manifests: readonly Manifest[]): Record<string, string> {
  const shared = (container.envFrom ?? []).flatMap(({ configMapRef }) =>
    Object.entries(
      ofKind(manifests, 'ConfigMap').find(({ metadata }) => metadata.name === configMapRef?.name)?.data ?? {},
    ),
  );
  const own = (container.env ?? []).map(({ name, value, valueFrom }): [string, string] => [
    name,
    value ?? `secret-${valueFrom?.secretKeyRef?.key ?? ''}`,
  ]);
  return Object.fromEntries([...shared, ...own]);
}

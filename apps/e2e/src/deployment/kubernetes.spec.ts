import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readDashboardConfig, readLayerConfig, readProducerConfig, variableNames } from '@engine/config';
import { groupNames, topicNames } from '@engine/contracts';
import { describeIfPossible } from '../support/describe-if-possible.js';
import { repositoryRoot } from '../support/repository.js';
import { buildOverlay, environmentOf, ofKind, onlyContainer, selects, workloads } from './manifests.js';
import type { Container, Labels, Manifest, Workload } from './manifests.js';
import { KubernetesSchemas } from './schemas.js';

const APPS = ['bronze', 'dashboard', 'gold', 'producer', 'silver'];
const LAYERS = ['bronze', 'gold', 'silver'] as const;

/** The variables of the topics' job are those of the apps; these are of the programs in the images. */
const FOREIGN = /^(KAFKA_HEAP_OPTS|LOG_DIR)$/;

const schemaFolder = process.env['KUBERNETES_SCHEMAS'];
const kustomize = spawnSync(process.env['KUSTOMIZE'] ?? 'kustomize', ['version']);
const missing = kustomize.error
  ? 'no kustomize (KUSTOMIZE: its path)'
  : schemaFolder === undefined
    ? 'KUBERNETES_SCHEMAS is not set (scripts/kubernetes-tools says it)'
    : undefined;

const nameOf = ({ kind, metadata }: { kind: string; metadata: { name: string } }): string =>
  `${kind}/${metadata.name}`;

describeIfPossible('the manifests', missing, () => {
  describe.each(['local', 'production'])('of the overlay %s', (overlay) => {
    let manifests: readonly Manifest[];
    let pods: readonly Workload[];
    let apps: readonly Workload[];

    beforeAll(() => {
      manifests = buildOverlay(overlay);
      pods = workloads(manifests);
      apps = pods.filter(({ kind }) => kind === 'Deployment');
    });

    it('are valid to the letter for Kubernetes', () => {
      const schemas = new KubernetesSchemas(schemaFolder ?? '');
      const own = manifests.filter(({ apiVersion }) => !apiVersion.startsWith('keda.sh/'));
      expect(own.length).toBeGreaterThan(20);
      expect(own.flatMap((manifest) => schemas.problems(manifest))).toEqual([]);
      const wrong = { ...apps[0]!, spec: { ...apps[0]!.spec, replica: 1 } };
      expect(schemas.problems(wrong as unknown as Manifest)).not.toEqual([]);
    });

    it('have the five apps, each running what is built, in the namespace that enforces the restricted standard', () => {
      expect(apps.map(({ metadata }) => metadata.name).sort()).toEqual(APPS);
      for (const app of apps) {
        const command = onlyContainer(app).command ?? [];
        expect(command).toEqual(['node', `apps/${app.metadata.name}/dist/main.js`]);
        expect(existsSync(`${repositoryRoot}apps/${app.metadata.name}/src/main.ts`)).toBe(true);
      }
      const [namespace] = ofKind(manifests, 'Namespace');
      expect(namespace?.metadata.labels).toMatchObject({
        'pod-security.kubernetes.io/enforce': 'restricted',
      });
      const elsewhere = manifests.filter(
        ({ kind, metadata }) => kind !== 'Namespace' && metadata.namespace !== namespace?.metadata.name,
      );
      expect(elsewhere.map(nameOf)).toEqual([]);
    });

    it('have no pod that the restricted standard refuses, and none with a token or links', () => {
      expect(pods.length).toBeGreaterThanOrEqual(6);
      for (const pod of pods) {
        const { spec } = pod.spec.template;
        expect(spec).toMatchObject({
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 1000,
            seccompProfile: { type: 'RuntimeDefault' },
          },
        });
        expect(onlyContainer(pod).securityContext).toMatchObject({
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
        });
        const kinds = (spec.volumes ?? []).flatMap((volume) => Object.keys(volume));
        expect(kinds.filter((kind) => kind === 'hostPath')).toEqual([]);
      }
    });

    it('give every app a root that it cannot write to', () => {
      for (const app of apps)
        expect(onlyContainer(app).securityContext).toMatchObject({ readOnlyRootFilesystem: true });
    });

    it('bound what every container takes', () => {
      for (const pod of pods) {
        const { requests, limits } = onlyContainer(pod).resources ?? {};
        expect([nameOf(pod), Object.keys(requests ?? {}).sort(), Object.keys(limits ?? {}).sort()]).toEqual([
          nameOf(pod),
          ['cpu', 'memory'],
          ['cpu', 'memory'],
        ]);
      }
    });

    it('name every image by a version', () => {
      const images = pods.map((pod) => onlyContainer(pod).image);
      expect(images.filter((image) => !/:[0-9][\w.-]*$/.test(image))).toEqual([]);
    });

    it('probe what the apps answer, at the port they listen on', () => {
      for (const app of apps) {
        const container = onlyContainer(app);
        expect(container.ports).toEqual([
          { name: 'http', containerPort: readConfig(app, manifests).http.port },
        ]);
        expect(pathsOf(container)).toEqual({
          startupProbe: '/health/live',
          livenessProbe: '/health/live',
          readinessProbe: '/health/ready',
        });
        expect(app.spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(30);
      }
    });

    it('set only variables that the apps know', () => {
      const own = pods.filter((pod) => pod.kind !== 'StatefulSet');
      const names = own.flatMap((pod) => Object.keys(environmentOf(onlyContainer(pod), manifests)));
      const known = [...variableNames, 'UV_THREADPOOL_SIZE'];
      expect(names.filter((name) => !known.includes(name) && !FOREIGN.test(name))).toEqual([]);
    });

    it('demand a token for the dashboard, from a secret that must be there', () => {
      const dashboard = apps.find(({ metadata }) => metadata.name === 'dashboard')!;
      const token = onlyContainer(dashboard).env?.find(({ name }) => name === 'DASHBOARD_TOKEN');
      expect(token?.valueFrom).toEqual({ secretKeyRef: { name: 'dashboard', key: 'token' } });
      expect(environmentOf(onlyContainer(dashboard), manifests)).not.toHaveProperty('DASHBOARD_PUBLIC');
    });

    it('let nothing in or out by default, and open ports to named peers only', () => {
      const policies = ofKind<NetworkPolicySpec>(manifests, 'NetworkPolicy');
      const denying = policies.filter(({ spec }) => spec.ingress === undefined && spec.egress === undefined);
      expect(denying.map(({ spec }) => spec)).toEqual([
        { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
      ]);
      for (const { metadata, spec } of policies)
        for (const rule of [...(spec.ingress ?? []), ...(spec.egress ?? [])]) {
          const peers = [...(rule.from ?? []), ...(rule.to ?? [])];
          expect([metadata.name, peers.length > 0, peers.some((peer) => isEverywhere(peer))]).toEqual([
            metadata.name,
            true,
            false,
          ]);
          expect(rule.ports?.length).toBeGreaterThan(0);
        }
    });

    it('open what every pod needs: names, the broker, its metrics', () => {
      const policies = ofKind<NetworkPolicySpec>(manifests, 'NetworkPolicy').map(({ spec }) => spec);
      const openings = (labels: Labels, way: 'ingress' | 'egress'): readonly (string | number)[] =>
        policies
          .filter(({ podSelector }) => selects(podSelector.matchLabels ?? {}, labels))
          .flatMap((spec) => (spec[way] ?? []).flatMap(({ ports }) => (ports ?? []).map(({ port }) => port)));
      const broker = overlay === 'local' ? 'kafka' : 9093;
      for (const app of apps) {
        const { labels } = app.spec.template.metadata;
        expect(openings(labels, 'egress')).toEqual(expect.arrayContaining([53, broker]));
        expect(openings(labels, 'ingress')).toContain('http');
      }
      const job = pods.find(({ kind }) => kind === 'Job')!;
      expect(openings(job.spec.template.metadata.labels, 'egress')).toEqual(
        expect.arrayContaining([53, broker]),
      );
      expect(openings(job.spec.template.metadata.labels, 'ingress')).toEqual([]);
    });

    it('keep one instance of every app going while nodes are drained', () => {
      const budgets = ofKind<BudgetSpec>(manifests, 'PodDisruptionBudget');
      for (const app of pods.filter(({ kind }) => kind !== 'Job')) {
        const own = budgets.filter(({ spec }) =>
          selects(spec.selector.matchLabels, app.spec.template.metadata.labels),
        );
        expect([nameOf(app), own.map(({ spec }) => spec.maxUnavailable)]).toEqual([nameOf(app), [1]]);
      }
    });

    it('lead the dashboard’s service to its pods', () => {
      const [service] = ofKind<ServiceSpec>(manifests, 'Service').filter(
        ({ metadata }) => metadata.name === 'dashboard',
      );
      const chosen = apps.filter((app) => selects(service!.spec.selector, app.spec.template.metadata.labels));
      expect(chosen.map(({ metadata }) => metadata.name)).toEqual(['dashboard']);
      expect(service!.spec.ports.map(({ targetPort }) => targetPort)).toEqual(['http']);
    });

    it('create the topics that the apps use, no more and no less', () => {
      const script = ofKind(manifests, 'ConfigMap').flatMap(
        ({ data }) => data?.['create-topics.sh'] ?? [],
      )[0]!;
      const created = [...script.matchAll(/^create (\S+)/gm)].map(([, topic]) => topic);
      expect(created.sort()).toEqual(Object.values(topicNames()).sort());
    });

    it('give the apps settings that they accept', () => {
      for (const app of apps) expect(readConfig(app, manifests).lanes).toBe(4);
    });
  });

  it('tell the dashboard the name by which the ingress leads to it', () => {
    const manifests = buildOverlay('production');
    const hosts = ofKind<{ rules: { host: string }[] }>(manifests, 'Ingress').flatMap(
      ({ spec }) => spec.rules,
    );
    const dashboard = workloads(manifests).find(({ metadata }) => metadata.name === 'dashboard')!;
    expect(environmentOf(onlyContainer(dashboard), manifests)['DASHBOARD_HOSTS']).toBe(
      hosts.map(({ host }) => host).join(),
    );
    expect(hosts).toHaveLength(1);
  });

  it('scale layers by the lag of their group, up to one instance a lane', () => {
    const manifests = buildOverlay('production');
    const scaled = ofKind<ScaledSpec>(manifests, 'ScaledObject');
    const shared = ofKind(manifests, 'ConfigMap').find(({ data }) => data?.['LANES'] !== undefined)!.data!;
    const inputs = { bronze: 'stockTicks', silver: 'bronzeTicks', gold: 'silverTicks' } as const;
    expect(scaled.map(({ metadata }) => metadata.name).sort()).toEqual([...LAYERS]);
    for (const layer of LAYERS) {
      const { spec } = scaled.find(({ metadata }) => metadata.name === layer)!;
      expect(spec).toMatchObject({
        scaleTargetRef: { name: layer },
        maxReplicaCount: Number(shared['LANES']),
      });
      expect(spec.triggers).toHaveLength(1);
      expect(spec.triggers[0]).toMatchObject({
        type: 'kafka',
        metadata: {
          bootstrapServers: shared['KAFKA_BROKERS'],
          consumerGroup: groupNames()[layer],
          topic: topicNames()[inputs[layer]],
        },
      });
      const deployment = workloads(manifests).find(
        ({ kind, metadata }) => kind === 'Deployment' && metadata.name === layer,
      );
      expect(deployment?.spec.replicas).toBeUndefined();
    }
  });
});

interface NetworkPolicySpec {
  readonly podSelector: { readonly matchLabels?: Labels };
  readonly ingress?: readonly PolicyRule[];
  readonly egress?: readonly PolicyRule[];
}
interface PolicyRule {
  readonly from?: readonly object[];
  readonly to?: readonly object[];
  readonly ports?: readonly { readonly port: string | number }[];
}
interface BudgetSpec {
  readonly maxUnavailable: number;
  readonly selector: { readonly matchLabels: Labels };
}
interface ServiceSpec {
  readonly selector: Labels;
  readonly ports: readonly { readonly targetPort: string }[];
}
interface ScaledSpec {
  readonly maxReplicaCount: number;
  readonly triggers: readonly Record<string, unknown>[];
}

const isEverywhere = (peer: object): boolean => /\{\}|0\.0\.0\.0\/0/.test(JSON.stringify(peer));

const pathsOf = (container: Container): Record<string, string | undefined> =>
  Object.fromEntries(
    (['startupProbe', 'livenessProbe', 'readinessProbe'] as const).map((probe) => [
      probe,
      container[probe]?.httpGet?.path,
    ]),
  );

/** As the app itself reads it in the image; throws with every problem. */
function readConfig(
  app: Workload,
  manifests: readonly Manifest[],
): { lanes: number; http: { port: number } } {
  const env = { DATA_DIR: '/data', HTTP_HOST: '0.0.0.0', ...environmentOf(onlyContainer(app), manifests) };
  const { name } = app.metadata;
  if (name === 'dashboard') return readDashboardConfig(env);
  if (name === 'producer') return readProducerConfig(env);
  return readLayerConfig(env, name as (typeof LAYERS)[number]);
}

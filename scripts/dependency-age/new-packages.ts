/** The part of package-lock.json that is read. */
export interface Lock {
  packages: Readonly<Record<string, { version?: string; link?: boolean; name?: string }>>;
}

/** A version of a package. */
export interface PackageVersion {
  name: string;
  version: string;
}

/** The versions that the new lock file has and the old one has not, each once. */
export function newPackages(old: Lock, now: Lock): PackageVersion[] {
  const known = new Set(versionsOf(old).map(keyOf));
  return [...new Map(versionsOf(now).map((it) => [keyOf(it), it])).values()].filter((it) => !known.has(keyOf(it)));
}

const keyOf = ({ name, version }: PackageVersion) => `${name}@${version}`;
const versionsOf = ({ packages }: Lock): PackageVersion[] =>
  Object.entries(packages).flatMap(([path, { version, link, name }]) =>
    path === '' || link || version === undefined ? [] : [{ name: name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length), version }],
  );

const DAY_MS = 86_400_000;

/** Why a version may not be used yet; undefined when it is old enough. `published`: when, as the registry writes it. */
export function tooYoung({ name, version }: PackageVersion, published: string | undefined, { now, days }: { now: number; days: number }): string | undefined {
  const at = Date.parse(published ?? '');
  if (Number.isNaN(at)) return `${name}@${version}: the registry does not say when it was published`;
  const age = (now - at) / DAY_MS;
  return age >= days ? undefined : `${name}@${version}: published ${age.toFixed(1)} days ago, allowed: ${days} days or more`;
}

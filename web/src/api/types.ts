import type { paths } from './schema';

type Body<T> = T extends { content: { 'application/json': infer Content } } ? Content : never;

/** One library, with its progress. */
export type Library = Body<paths['/api/libraries/{id}']['get']['responses'][200]>;
export type Progress = Body<paths['/api/progress/{id}']['get']['responses'][200]>;
export type AssetPage = Body<paths['/api/libraries/{id}/assets']['get']['responses'][200]>;
export type Asset = AssetPage['items'][number];
export type Coverage = AssetPage['coverage'];
export type AssetDetails = Body<paths['/api/assets/{id}']['get']['responses'][200]>;
export type SimilarAssets = Body<paths['/api/assets/{id}/similar']['get']['responses'][200]>;
export type FailurePage = Body<paths['/api/failures']['get']['responses'][200]>;
export type FailureReason = Body<paths['/api/failures/reasons']['get']['responses'][200]>['items'][number];
export type Failure = FailurePage['items'][number];
export type JobFacts = Body<paths['/api/jobs/{name}']['get']['responses'][200]>;
export type Statistics = Body<paths['/api/stats']['get']['responses'][200]>;
export type CacheFigures = Statistics['caches'][number];
export type Readiness = Body<paths['/api/ready']['get']['responses'][200]>;
export type AssetTag = Body<paths['/api/assets/{id}/tags']['get']['responses'][200]>['items'][number];
export type Tag = Body<paths['/api/tags']['get']['responses'][200]>['items'][number];
export type Worker = Body<paths['/api/workers']['get']['responses'][200]>['items'][number];
export type Job = JobFacts['job'];

export type AssetStatus = Asset['status'];

/** What the events socket sends; every part may be absent. The socket has no place in the OpenAPI document. */
export interface LibraryEvent {
  library_id?: string;
  total?: number;
  assets?: Asset[];
  libraries?: Library[];
  jobs?: Job[];
  /** Names of tags that assets got or lost. */
  tags?: string[];
  /** Caches of the server that were swapped. */
  caches?: { name: string; generation: number }[];
  reload?: boolean;
  heartbeat?: boolean;
}

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
export type Failure = FailurePage['items'][number];
export type JobFacts = Body<paths['/api/jobs/{name}']['get']['responses'][200]>;
export type Job = JobFacts['job'];

export type AssetStatus = Asset['status'];

/** What the events socket sends; every part may be absent. The socket has no place in the OpenAPI document. */
export interface LibraryEvent {
  library_id?: string;
  total?: number;
  assets?: Asset[];
  libraries?: Library[];
  jobs?: Job[];
  reload?: boolean;
  heartbeat?: boolean;
}

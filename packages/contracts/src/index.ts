/** Schemas and inferred types shared by the functions, the client and the local stack's tests. */
export * from "./analysis-reply.ts";
export * from "./analyze-video-api.ts";
export * from "./brief.ts";
export * from "./claims.ts";
export * from "./coach.ts";
export * from "./error-codes.ts";
export * from "./error-sentences.ts";
export * from "./limits.ts";
export * from "./outcomes.ts";
export * from "./render-api.ts";
export * from "./render-claim.ts";
export * from "./results.ts";
export * from "./session-store.ts";
export * from "./ssml-reply.ts";
export * from "./stages.ts";
export * from "./video-types.ts";
export * from "./work-report.ts";

import {
  type AnalysisClaim,
  type AudioClaim,
  type DraftClaim,
  emptyBrief,
  type SsmlClaim,
} from "@sideline/contracts";

const base = {
  lease_token: "00000000-0000-4000-8000-000000000001",
  attempt: 1,
  lease_expires_at: "2026-11-01T10:01:00Z",
  alone: false,
  correlation_id: "00000000-0000-4000-8000-000000000002",
  user_id: "00000000-0000-4000-8000-00000000000a",
};

const head = {
  ...base,
  language: "en-US",
  coach: {
    voice_name: "en-US-Neural2-D",
    language_code: "en-US",
    speaking_rate: 0.9,
    pitch: -2,
    style: "calm",
    speaks: true,
  },
};

/** Tests only: claimed items as the pipeline hands them out. */
export const analysisClaim: AnalysisClaim = {
  ...head,
  id: 5,
  progress: null,
  video_recording_id: 3,
  storage_path: `${head.user_id}/clip one.mp4`,
  mime_type: "video/mp4",
  file_size: 1000,
  duration_seconds: 12,
  original_filename: "clip one.mp4",
  brief: null,
};

export const ssmlClaim: SsmlClaim = {
  ...head,
  id: 7,
  refused: null,
  analysis_job_id: 5,
  message: "Bend your knees more before you jump.",
  drill: "Do ten slow squats.",
};

export const audioClaim: AudioClaim = {
  ...head,
  id: 7,
  analysis_job_id: 5,
  segments: [
    { segment_index: 0, ssml: "<speak>One.</speak>" },
    { segment_index: 1, ssml: "<speak>Two.</speak>" },
  ],
};

export const draftClaim: DraftClaim = {
  ...base,
  id: 9,
  session_id: 4,
  request: "First serve, toss height; skip the footwork; for a twelve-year-old.",
  ir: emptyBrief,
};

/** What a worker completes each stage with: one remark, one segment, one file. */
export const stageResults = {
  analysis: {
    title: "Clip",
    summary: "One remark.",
    confidence: 0.5,
    model: "test",
    prompt_version: "test",
    duration_seconds: 20,
    metrics: [{ metric_key: "motion", metric_value: 1, unit: null }],
    feedback: [
      {
        start_seconds: 4,
        end_seconds: 7,
        category: "activity",
        severity: "low",
        confidence: 0.5,
        message: "A burst of movement.",
        drill: null,
      },
    ],
  },
  ssml: {
    provider: "template",
    version: "1",
    segments: [{ segment_index: 0, ssml: "<speak>A burst of movement.</speak>" }],
  },
  audio: {
    provider: "test",
    version: "1",
    segments: [{ segment_index: 0, audio_url: "a.wav", format: "wav", duration_ms: 700 }],
  },
};
